// How requests ended, as a table of outcome classes; in one line where there is no room for a table, and with bars over
// time below it where there are rows to spare.

import { useRef } from 'react';
import { formatCount, formatRateNumber, formatShare } from '../../common/units.ts';
import type { OutcomeState, RunState } from '../../session/state.ts';
import { bar } from '../charts/bars.ts';
import type { Scale } from '../charts/scale.ts';
import { displayWidth, fitLine, numberCell } from '../format.ts';
import { isFine, roleOf } from '../parts/outcome-roles.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { dim, firstThatFits, joined, run } from '../parts/runs.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { useTheme } from '../use-session.ts';
import { causeRows, leastStackRows, outcomeStack } from './outcome-stack.ts';

const cells = { perSecond: 9, share: 8, total: 12 } as const;
/** Cells right of the last number: the rule above ends with as many. */
const margin = 2;

export const ErrorsPanel = ({ rect, state, focused }: PanelProps) => {
  const { ascii } = useTheme();
  const previous = useRef<Scale>(undefined);
  if (rect.height <= 2)
    return (
      <Panel
        rect={rect}
        focused={focused}
        title={state.whole ? 'outcomes /s, whole run' : 'outcomes /s'}
        right={state.whole ? [] : [windowOf(state)]}
        lines={[oneLine(state, rect.width)]}
      />
    );
  const heads = `${'per s'.padStart(cells.perSecond)}${'share'.padStart(cells.share)}${'total'.padStart(cells.total)}`;
  const right = dim(heads.trimStart());
  const rows = chosen(state.outcomes, rect.height - 1);
  const most = rows.length + causeRows(rect.height - 1 - rows.length);
  const lines = withCauses(rows, most).map((one) => row(one, rect.width, ascii));
  const spare = rect.height - 1 - lines.length;
  if (spare >= leastStackRows) {
    const stack = outcomeStack(state, { width: rect.width, height: spare, ascii, previous: previous.current });
    previous.current = stack.scale;
    lines.push(...stack.lines);
  }
  return (
    <Panel
      rect={rect}
      focused={focused}
      title={state.whole ? 'outcomes, whole run' : 'outcomes, requests'}
      right={state.whole ? [[right], []] : [joined([windowOf(state), [right]], '   '), [right]]}
      lines={lines}
    />
  );
};

/** Of which time the numbers are, but for totals. */
export const windowOf = ({ look }: Seen): Line => (look.frozen === undefined ? [dim('last second')] : []);

/** Rows that the panel could fill, its title included. Causes get rows of their own only where there are more. */
export const errorsRows = (state: RunState): number => 1 + state.outcomes.length;

/** In the table's order; where there are too many, those go first that did not happen, then the rarest. */
const chosen = (outcomes: readonly OutcomeState[], most: number): OutcomeState[] => {
  const weight = (outcome: OutcomeState): number =>
    isFine(outcome) ? Infinity : outcome.perSecond + outcome.total / 1e9;
  const kept = new Set(outcomes.toSorted((a, b) => weight(b) - weight(a)).slice(0, Math.max(0, most)));
  return outcomes.filter((outcome) => kept.has(outcome));
};

/** A class, or one of several causes of the class above it. */
interface Row extends Omit<OutcomeState, 'name' | 'causes'> {
  readonly name: string;
  /** Wordings of why, longest first. */
  readonly why: readonly string[];
  readonly fine: boolean;
}

/** The rows of classes; below each that has several causes these, as long as there are more rows than classes. */
const withCauses = (outcomes: readonly OutcomeState[], most: number): Row[] => {
  let room = most - outcomes.length;
  return outcomes.flatMap((outcome): Row | Row[] => {
    const fine = isFine(outcome);
    const { causes, share, perSecond } = outcome;
    if (causes.length < 2 || room < causes.length) {
      return { ...outcome, example: causes[0]?.example ?? outcome.example, why: fine ? [] : whyOf(outcome), fine };
    }
    room -= causes.length;
    return [
      { ...outcome, example: undefined, why: [], fine },
      ...causes.map((cause) => ({
        ...cause,
        name: `  ${cause.detail || cause.name}`,
        share: perSecond > 0 ? (share * cause.perSecond) / perSecond : share,
        why: [],
        fine,
      })),
    ];
  });
};

/** Why requests end so: where there are several causes now, each with its number; else the one that counts most. */
const whyOf = ({ causes }: OutcomeState): string[] => {
  const now = causes.filter(({ detail, perSecond }) => detail !== '' && perSecond > 0);
  const each = now.map(({ detail, perSecond }) => `${detail} ${formatCount(perSecond)}`).join(', ');
  const first = causes[0]?.detail ?? '';
  return [...(causes.length > 1 && now.length > 1 ? [each] : []), ...(first === '' ? [] : [first])];
};

const row = (outcome: Row, width: number, ascii: boolean): Line => {
  const numbers = cells.perSecond + cells.share + cells.total + margin;
  const barCells = Math.min(32, Math.max(6, Math.round((width - numbers) * 0.28)));
  const nameCells = width - numbers - barCells - 2;
  const role = roleOf(outcome);
  const name: Line = [run(outcome.name, role), ...explained(outcome, nameCells - displayWidth(outcome.name))];
  const share = outcome.total === 0 ? 0 : outcome.share;
  return [
    run(' '),
    ...fitLine(name, nameCells, ascii),
    run(' '),
    run(bar(share, barCells, { ascii }), outcome.fine ? 'goodSeries' : 'alarm'),
    run(formatRateNumber(outcome.perSecond).padStart(cells.perSecond), role),
    run(formatShare(outcome.share).padStart(cells.share), role),
    run(numberCell(outcome.total, 'count', cells.total), role),
  ];
};

/** Behind a name, as far as there is room to read it: why, and what one of them looked like. */
const explained = ({ name, why, example, fine, perSecond }: Row, room: number): Line => {
  if (fine) return [];
  const chosen = why.find((wording) => displayWidth(wording) + 2 <= room) ?? why.at(-1);
  const short = example?.startsWith(name) ? example.slice(name.length).trim() : example;
  // `404 Not Found` says what `404` does.
  const saidTwice = chosen !== undefined && perSecond > 0 && (short?.startsWith(`${chosen} `) ?? false);
  const reason = chosen === undefined || saidTwice ? '' : `, ${chosen}`;
  const looks = perSecond > 0 && short && room - displayWidth(reason) >= 14 ? `  ${short}` : '';
  return [dim(reason), dim(looks)].filter(({ text }) => text !== '');
};

const oneLine = ({ outcomes }: RunState, width: number): Line => {
  const pieces = outcomes.map((outcome): Line => {
    const happens = outcome.perSecond > 0;
    const share = happens && outcome.share >= 0.01 ? ` (${Math.round(outcome.share * 100)} %)` : '';
    const role = roleOf({ ...outcome, fine: isFine(outcome) });
    return [run(`${outcome.name} ${formatCount(outcome.perSecond)}${share}`, role)];
  });
  const seen = pieces.filter((_, index) => isFine(outcomes[index]!) || outcomes[index]!.perSecond > 0);
  return [run(' '), ...firstThatFits([joined(pieces), joined(seen), joined(seen.slice(0, 4))], width - 1)];
};
