// How close to "at once" a burst of 1,000 requests is, on connections opened beforehand: the spread of the server's reads,
// beside that of a bare loop over as many sockets.

import path from 'node:path';
import { startArrivalServer } from '../arrival-server.ts';
import type { Bench, Case } from '../bench.ts';
import { type Command, lastLines, start } from '../command.ts';
import { bare, loadtopCommand } from '../loadtop.ts';
import { RunFailed } from '../measure.ts';
import { atMost, type CaseReport, spreadText } from '../report.ts';
import { present, runRounds } from '../rounds.ts';
import { median, quantile, ratios, spread } from '../statistics.ts';

const size = 1000;

interface Burst {
  /** From the server's first read to its last, ms, and between which the middle 98 % lie. */
  readonly whole: number;
  readonly middle: number;
}

const burst = async (bench: Bench, command: (origin: string) => Command): Promise<Burst> => {
  const { generator, target } = bench.pins(true);
  // It answers later than it reads: answering meanwhile would spread its reads by itself.
  const server = await startArrivalServer(bench.workFolder, { serviceMs: 200, cycleMs: 0, stallMs: 0 }, target);
  const running = start(command(server.origin), generator);
  const watchdog = setTimeout(() => running.end('SIGKILL'), 30_000);
  const exit = await running.exited;
  clearTimeout(watchdog);
  const came = (await server.stop()).map((each) => each.came);
  if (![0, 96].includes(exit.code ?? -1)) throw new RunFailed(`it ended with ${lastLines(exit)}`);
  if (came.length !== size) throw new RunFailed(`${came.length} requests came in place of ${size}`);
  return {
    whole: Math.max(...came) - Math.min(...came),
    middle: quantile(came, 0.99) - quantile(came, 0.01),
  };
};

export const burstCase: Case = {
  name: 'burst',
  about: 'spread of a burst of 1,000 beside raw socket writes',
  run: async (bench): Promise<CaseReport> => {
    const raw = path.join(import.meta.dirname, '../raw-burst.ts');
    const rounds = await runRounds(
      [
        {
          name: bench.loadtop.name,
          run: () =>
            burst(bench, (origin) =>
              loadtopCommand(bench.loadtop, [`${origin}/`, ...bare, '--burst', `${size}`, '-w', '1']),
            ),
        },
        {
          name: 'raw writes from one Node process',
          run: () =>
            burst(bench, (origin) => ({ file: process.execPath, args: [raw, new URL(origin).port, `${size}`] })),
        },
      ],
      bench.pairs,
      bench.say,
    );
    const [ours, theirs] = [rounds[0]!, rounds[1]!];
    const whole = (of: typeof ours): (number | undefined)[] => of.results.map((result) => result?.whole);
    const ratio = ratios(whole(ours), whole(theirs));
    return {
      title: 'burst: 1,000 at once',
      about: `${size} requests on connections opened beforehand, one worker, ${bench.pairs} pairs, ${bench.pins(true).words}. Spread of the server's reads: median (quartiles).`,
      tables: [
        {
          head: ['from', 'first to last read, ms', 'middle 98 %, ms'],
          rows: rounds.map((each) => [
            each.name,
            spreadText(spread(present(each).map((result) => result.whole))),
            spreadText(spread(present(each).map((result) => result.middle))),
          ]),
        },
      ],
      goals: [atMost('spread of the reads', median(ratio), 2, ' × raw writes')],
      notes: rounds.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: failed, ${failure}`])),
    };
  },
};
