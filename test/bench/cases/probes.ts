// What all probes together cost: health, 500 series of metrics, MongoDB, this machine and this process, each asked once a
// second, with the fold of what they say; against the same process that asks nobody.

import path from 'node:path';
import { type Bench, type Case, foreignNote, times } from '../bench.ts';
import { type Command, start } from '../command.ts';
import { cores, type Measured, measure, settleMs, untilLoadEnds } from '../measure.ts';
import { atMost, type CaseReport, spreadText } from '../report.ts';
import { present, runRounds } from '../rounds.ts';
import { median, spread } from '../statistics.ts';

const series = 500;
const root = path.join(import.meta.dirname, '../../..');
const node = (file: string, args: readonly string[]): Command => ({
  file: process.execPath,
  args: [path.join(root, file), ...args],
});

const runProbes = async (bench: Bench): Promise<CaseReport> => {
  const seconds = bench.seconds(30);
  const instance = start(node('test/helpers/instance-process.ts', [`${series}`]));
  // Its store is what is polled as MongoDB; nobody writes to it.
  const demo = start(node('source/demo/target.ts', ['--mongo', 'simulated']));
  try {
    const origin = await instance.firstLine;
    const { mongo }: { mongo: string } = JSON.parse(await demo.firstLine);
    const contender = (name: string, how: string) => ({
      name,
      run: (): Promise<Measured> =>
        measure(node('test/helpers/polling-process.ts', [how, origin, mongo, `${seconds + 3}`]), {
          cpu: undefined,
          withinMs: seconds * 1000 + settleMs + 30_000,
          ...untilLoadEnds(seconds + 2),
        }),
    });
    const contenders = [contender('all probes', 'each second'), contender('none', 'idle')];
    const rounds = await runRounds(contenders, Math.min(bench.pairs, 3), bench.say);
    const [all, none] = [rounds[0]!, rounds[1]!];
    const more = all.results.flatMap((run, round) => {
      const other = none.results[round];
      return run && other ? [(cores(run) - cores(other)) * 100] : [];
    });
    return {
      title: 'probes: what asking costs',
      about: `Health, ${series} series of metrics, MongoDB, this machine and this process once a second, folded as in a run; ${times(more.length, 'pair', seconds)}. Median (quartiles).`,
      tables: [
        {
          head: ['asked', '% of a core', 'RSS, MB'],
          rows: rounds.map((each) => [
            each.name,
            spreadText(spread(present(each).map((run) => cores(run) * 100))),
            spreadText(spread(present(each).map(({ residentBytes }) => residentBytes / 1e6))),
          ]),
        },
      ],
      goals: [atMost('all probes, more than none', median(more), 1.5, ' % of a core')],
      notes: [
        ...rounds.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: failed, ${failure}`])),
        foreignNote(rounds.flatMap((each) => present(each))),
      ],
    };
  } finally {
    instance.end('SIGKILL');
    demo.end('SIGTERM');
  }
};

export const probesCase: Case = {
  name: 'probes',
  about: 'what all probes together cost, each asked once a second',
  run: runProbes,
};
