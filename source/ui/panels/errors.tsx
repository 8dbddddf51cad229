// How requests ended, as a table of outcome classes; in one line where there is no room for a table.

import { formatCount, formatRateNumber, formatShare } from '../../common/units.ts';
import type { OutcomeState, RunState } from '../../session/state.ts';
import { bar } from '../charts/bars.ts';
import { displayWidth, fitLine, numberCell } from '../format.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { dim, firstThatFits, joined, run } from '../parts/runs.ts';
import type { Line, Role } from '../theme.ts';
import { useRunState, useTheme } from '../use-session.ts';

const cells = { perSecond: 9, share: 8, total: 12 } as const;
/** Cells right of the last number: the rule above ends with as many. */
const margin = 2;

export const ErrorsPanel = ({ rect }: PanelProps) => {
  const state = useRunState((all) => all);
  const { ascii } = useTheme();
  if (rect.height <= 2) return <Panel rect={rect} title="outcomes /s" lines={[oneLine(state, rect.width)]} />;
  const heads = `${'per s'.padStart(cells.perSecond)}${'share'.padStart(cells.share)}${'total'.padStart(cells.total)}`;
  const rows = chosen(state.outcomes, rect.height - 1);
  const lines = rows.map((outcome) => row(outcome, rect.width, ascii));
  return <Panel rect={rect} title="outcomes, requests" right={[[dim(heads.trimStart())]]} lines={lines} />;
};

/** Rows that the panel could fill, its title included. */
export const errorsRows = (state: RunState): number => 1 + state.outcomes.length;

const isFine = ({ name }: OutcomeState): boolean => name === '2xx' || name === '3xx';

/** In the table's order; where there are too many, those go first that did not happen, then the rarest. */
const chosen = (outcomes: readonly OutcomeState[], most: number): OutcomeState[] => {
  const weight = (outcome: OutcomeState): number =>
    isFine(outcome) ? Infinity : outcome.perSecond + outcome.total / 1e9;
  const kept = new Set(outcomes.toSorted((a, b) => weight(b) - weight(a)).slice(0, Math.max(0, most)));
  return outcomes.filter((outcome) => kept.has(outcome));
};

/** What did not happen is dim; what goes wrong now has the one alarm colour. */
const roleOf = (outcome: OutcomeState): Role => {
  if (outcome.total === 0) return 'dim';
  if (isFine(outcome)) return 'text';
  return outcome.perSecond > 0 ? 'alarm' : 'text';
};

const row = (outcome: OutcomeState, width: number, ascii: boolean): Line => {
  const numbers = cells.perSecond + cells.share + cells.total + margin;
  const barCells = Math.min(32, Math.max(6, Math.round((width - numbers) * 0.28)));
  const nameCells = width - numbers - barCells - 2;
  const role = roleOf(outcome);
  // What one of them looked like, where there is room to read it.
  const room = nameCells - displayWidth(outcome.name) - 2;
  const example = isFine(outcome) || outcome.perSecond <= 0 ? undefined : outcome.example;
  const text = example?.startsWith(outcome.name) ? example.slice(outcome.name.length).trim() : example;
  const name: Line = [run(outcome.name, role), ...(text !== undefined && room >= 12 ? [dim(`  ${text}`)] : [])];
  const share = outcome.total === 0 ? 0 : outcome.share;
  return [
    run(' '),
    ...fitLine(name, nameCells, ascii),
    run(' '),
    run(bar(share, barCells, { ascii }), isFine(outcome) ? 'goodSeries' : 'alarm'),
    run(formatRateNumber(outcome.perSecond).padStart(cells.perSecond), role),
    run(formatShare(outcome.share).padStart(cells.share), role),
    run(numberCell(outcome.total, 'count', cells.total), role),
  ];
};

const oneLine = ({ outcomes }: RunState, width: number): Line => {
  const pieces = outcomes.map((outcome): Line => {
    const happens = outcome.perSecond > 0;
    const share = happens && outcome.share >= 0.01 ? ` (${Math.round(outcome.share * 100)} %)` : '';
    return [run(`${outcome.name} ${formatCount(outcome.perSecond)}${share}`, roleOf(outcome))];
  });
  const seen = pieces.filter((_, index) => isFine(outcomes[index]!) || outcomes[index]!.perSecond > 0);
  return [run(' '), ...firstThatFits([joined(pieces), joined(seen), joined(seen.slice(0, 4))], width - 1)];
};
