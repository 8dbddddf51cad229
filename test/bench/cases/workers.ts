// Whether sharing a load among workers costs anything: 20,000 arrivals a second with one, two and three of them.

import { type Bench, type Case, foreignNote, measureOn, times, withTarget } from '../bench.ts';
import { bare, loadtopCommand } from '../loadtop.ts';
import { cores, cpuUsPerRequest, type Measured, requestRate, untilLoadEnds } from '../measure.ts';
import { type CaseReport, short, spreadText, within } from '../report.ts';
import { present, type Rounds, runRounds } from '../rounds.ts';
import { median, ratios, spread } from '../statistics.ts';
import type { Target } from '../target.ts';

const rate = 20_000;
/** Divides by one, two and three. */
const connections = 66;

const runWorkers = async (bench: Bench, target: Target): Promise<CaseReport> => {
  // Each worker compiles for itself, which takes longer where it has less to do.
  const seconds = bench.seconds(12);
  const contenders = [1, 2, 3].map((workers) => ({
    name: `${workers}`,
    run: (): Promise<Measured> => {
      const load = ['-q', `${rate}`, '-w', `${workers}`, '-c', `${connections}`, '-z', `${seconds}s`];
      const command = loadtopCommand(bench.loadtop, [`${target.origin}/`, ...bare, ...load]);
      return measureOn(target, undefined, command, seconds, { ...untilLoadEnds(seconds), accept: [0, 96] });
    },
  }));
  const rounds = await runRounds(contenders, bench.pairs, bench.say);
  const costs = ({ results }: Rounds<Measured>): (number | undefined)[] =>
    results.map((result) => result && cpuUsPerRequest(result));
  const one = rounds[0]!;
  return {
    title: 'workers: 20,000/s with one, two and three',
    about: `Open model, ${connections} connections, ${times(bench.pairs, 'round', seconds)}, not pinned. Median (quartiles).`,
    tables: [
      {
        head: ['workers', 'CPU µs/request', 'cores', 'requests/s', '÷ one worker'],
        rows: rounds.map((each) => [
          each.name,
          spreadText(spread(present(each).map(cpuUsPerRequest))),
          spreadText(spread(present(each).map(cores))),
          short(median(present(each).map(requestRate))),
          spreadText(spread(ratios(costs(each), costs(one)))),
        ]),
      },
    ],
    goals: rounds
      .slice(1)
      .map((each) =>
        within(`${each.name} workers`, median(ratios(costs(each), costs(one))), 1 / 1.1, 1.1, ' × one worker'),
      ),
    notes: [
      ...rounds.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name} workers: failed, ${failure}`])),
      foreignNote(rounds.flatMap(present)),
    ],
  };
};

export const workersCase: Case = {
  name: 'workers',
  about: 'CPU per request at 20,000/s with 1, 2 and 3 workers',
  run: (bench) => withTarget(bench, 'workers', undefined, (target) => runWorkers(bench, target)),
};
