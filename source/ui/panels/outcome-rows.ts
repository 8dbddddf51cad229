// The outcomes as a list without an end, where their panel has the whole screen: every class that was seen with its meaning,
// below it each cause with whose matter it is, and an example in full. Pure.

import { formatRateNumber, formatShare } from '../../common/units.ts';
import type { CauseState, OutcomeState } from '../../session/state.ts';
import { bar } from '../charts/bars.ts';
import { fitLine, numberCell } from '../format.ts';
import { isFine, roleOf } from '../parts/outcome-roles.ts';
import { dim, run, wrapped } from '../parts/runs.ts';
import type { LazyLine } from '../parts/table-lines.ts';
import type { Line, Role } from '../theme.ts';

const cells = { perSecond: 10, share: 9, total: 13 } as const;
const numberCells = cells.perSecond + cells.share + cells.total;
const margin = 2;
/** An example is read in full, but no screen is filled with one. */
const exampleLines = 4;

/** Where to look first. */
const faultWords: Readonly<Record<CauseState['fault'], string>> = {
  target: "the target's",
  edge: "the edge's",
  network: "the network's",
  ours: 'ours',
  profile: "the profile's",
  nobody: '',
};

/** What the rows are added to. */
interface Rows {
  readonly place: { readonly width: number; readonly ascii: boolean };
  keeps(text: string): boolean;
  line(line: LazyLine): void;
}

/** The heads of the numbers. */
export const outcomeHeads = (width: number): Line => [
  ...(width >= widthOfBars ? [dim('of all')] : []),
  dim('per s'.padStart(cells.perSecond)),
  dim('share'.padStart(cells.share)),
  dim('total'.padStart(cells.total)),
];

/** From this width on shares are drawn, too. */
const widthOfBars = 90;
const barCells = 20;

/** The classes that happened, as far as is known, and are not as expected. */
export const unexpected = (outcomes: readonly OutcomeState[]): readonly OutcomeState[] =>
  outcomes.filter((outcome) => outcome.total !== 0 && !isFine(outcome));

/** Every class; found by its name, its causes and its example. */
export const addOutcomes = (rows: Rows, outcomes: readonly OutcomeState[]): void => {
  if (outcomes.length === 0) rows.line(() => [dim(' every request ended as expected')]);
  for (const outcome of outcomes) {
    const causes = outcome.causes.map(({ name, detail, example }) => `${name} ${detail} ${example ?? ''}`).join(' ');
    if (rows.keeps(`${outcome.name} ${causes} ${outcome.example ?? ''}`)) addOutcome(rows, outcome);
  }
};

const addOutcome = (rows: Rows, outcome: OutcomeState): void => {
  const { width, ascii } = rows.place;
  const fine = isFine(outcome);
  const role = roleOf({ ...outcome, fine });
  const drawn = width >= widthOfBars ? barCells + 1 : 0;
  const nameCells = width - 1 - numberCells - drawn - margin;
  rows.line(() => [
    run(' '),
    ...fitLine([run(outcome.name, role)], nameCells, ascii),
    ...(drawn > 0
      ? [
          run(bar(outcome.total === 0 ? 0 : outcome.share, barCells, { ascii }), fine ? 'goodSeries' : 'alarm'),
          run(' '),
        ]
      : []),
    ...numbers(outcome.perSecond, outcome.share, outcome.total, role),
  ]);
  if (outcome.total === 0 || fine) return;
  for (const cause of outcome.causes) addCause(rows, cause, outcome, nameCells + drawn);
  if (outcome.causes.length === 0) addExample(rows, outcome.example);
};

const numbers = (perSecond: number, share: number, total: number, role: Role): Line => [
  run(formatRateNumber(perSecond).padStart(cells.perSecond), role),
  run(formatShare(share).padStart(cells.share), role),
  run(numberCell(total, 'count', cells.total), role),
];

const addCause = (rows: Rows, cause: CauseState, outcome: OutcomeState, nameCells: number): void => {
  const share = outcome.perSecond > 0 ? (outcome.share * cause.perSecond) / outcome.perSecond : Number.NaN;
  const role = cause.perSecond > 0 ? 'text' : 'dim';
  rows.line(() => [
    run('   '),
    ...fitLine(
      [run(cause.detail || cause.name, role), dim(`  ${faultWords[cause.fault]}`)],
      nameCells - 2,
      rows.place.ascii,
    ),
    ...numbers(cause.perSecond, outcome.perSecond > 0 ? share : 0, cause.total, role),
  ]);
  addExample(rows, cause.example);
};

const addExample = (rows: Rows, example: string | undefined): void => {
  if (example === undefined || example === '') return;
  for (const text of wrapped(example, rows.place.width - 8, exampleLines)) rows.line(() => [dim(`     ${text}`)]);
};
