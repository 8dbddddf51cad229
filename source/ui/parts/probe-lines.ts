// The content of a probe's panel on the dashboard: its values by rank as far as there is room, or why there are none.
// Pure. The zoomed panel, which shows all, is zoom-rows.ts.

import { formatClock } from '../../common/units.ts';
import type { ProbeState } from '../../session/state.ts';
import { cutWords, displayWidth } from '../format.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { instanceLines, instancesTitle, noAnswer, silenceText } from './instance-lines.ts';
import { combine, combinedCourse, combinedNote } from './instances.ts';
import {
  type Fact,
  foremost,
  isInTitle,
  isOld,
  isUnmissed,
  isUnwell,
  type ProbeKind,
  type ProbeValue,
  probesOf,
  ranked,
} from './probe-values.ts';
import { courseOf, factPiece, gapRow, readingRow } from './reading-row.ts';
import { dim, flowed, run, wrapped } from './runs.ts';

interface Place {
  /** Cells of a line. */
  readonly width: number;
  readonly ascii: boolean;
  /** Whether facts are shown; readings and gaps always are. */
  readonly facts: boolean;
}

/** Cells of the sparkline in a row of this width. */
export const sparkWidth = (width: number): number => (width < 36 ? 8 : Math.min(30, Math.round(width * 0.31)));

/** What only some targets have. */
const isOptional = ({ kind }: ProbeState): boolean => kind === 'target host' || kind === 'target process';

/** About as many rows as reason and hint need in a narrow panel. */
const failingRows = ({ reason, hint, target }: ProbeState): number => {
  const rowsOf = (text: string): number => Math.ceil(text.length / 40);
  return Math.min(6, rowsOf(`no answer since 0:00: ${reason ?? ''}`) + rowsOf(hint ?? target));
};

/** Whether the kind has anything to show, or somebody asked for it. */
export const isShown = (state: Seen, kind: ProbeKind): boolean =>
  probesOf(state, kind).some((probe) => !(isUnmissed(probe) && isOptional(probe)));

/** Rows that the panel of a kind could fill, its title included. */
export const probeRows = (state: Seen, kind: ProbeKind): number => {
  const probes = probesOf(state, kind);
  const [probe] = probes;
  if (!probe) return 1;
  if (probes.length > 1) return 1 + probes.length + combine(probes).length;
  if (isUnmissed(probe)) return 2;
  if (probe.status === 'waiting') return 2;
  const values = probe.values.filter(({ type }) => type !== 'fact').length;
  const facts = probe.values.filter((value) => value.type === 'fact' && !isInTitle(probe, value)).length;
  const silent = probe.status === 'failing' ? failingRows(probe) : 0;
  return 1 + silent + values + Math.ceil(facts / 3);
};

/** Wordings of what the title of a kind says at its right, longest first. */
export const probeAbout = (probes: readonly ProbeState[], now: number): readonly Line[] => {
  const [probe] = probes;
  if (!probe) return [];
  if (probes.length > 1) return [instancesTitle(probes)];
  if (probe.status === 'late') return [[run(silenceText(probe, now), 'warn')]];
  return shorter(probe.status === 'ok' ? (probe.title ?? '') : probe.target).map((text) => [dim(text)]);
};

/** What must be said wherever the numbers are shown. */
const pinned = 'simulated';

export const isSimulated = ({ title }: ProbeState): boolean => title?.split(/ {2,}/).includes(pinned) ?? false;

/** A text of several parts, and without the last of them, and so on. */
const shorter = (text: string): string[] => {
  const all = text.split(/ {2,}/);
  const parts = all.filter((part) => part !== pinned);
  const end = parts.length < all.length ? [pinned] : [];
  return Array.from({ length: Math.max(1, parts.length + end.length) }, (_, index) =>
    [...parts.slice(0, Math.max(0, parts.length - index)), ...end].join('  '),
  );
};

/** The lines of all probes of a kind, `height` at the most. */
export const probeLines = (probes: readonly ProbeState[], state: Seen, height: number, place: Place): Line[] => {
  const inner = { ...place, width: place.width - 1 };
  const [probe] = probes;
  if (!probe || height <= 0) return [];
  const lines =
    probes.length > 1 ? linesOfSeveral(probes, state, height, inner) : linesOfOne(probe, state, height, inner);
  return lines.slice(0, height).map((line) => [run(' '), ...line]);
};

const linesOfSeveral = (probes: readonly ProbeState[], state: Seen, height: number, place: Place): Line[] => {
  const at = { ...place, spark: sparkWidth(place.width) };
  const instances = instanceLines(probes, state, at);
  const rows = combine(probes).map((row): Line => {
    if ('type' in row) return gapRow(row, at);
    return readingRow(row.reading, combinedCourse(state, row), at, combinedNote(row, probes.length));
  });
  // How each instance is comes first for health, what they come to together for numbers.
  if (probes[0]?.kind === 'health') return [...instances, ...rows];
  const shown = Math.min(instances.length, Math.max(height - rows.length, Math.floor(height / 2)));
  return [...rows.slice(0, height - shown), ...instances.slice(0, shown)];
};

const linesOfOne = (probe: ProbeState, state: Seen, height: number, place: Place): Line[] => {
  const { width, ascii } = place;
  if (probe.status === 'waiting') return [[dim('waiting for the first answer')]];
  if (isUnmissed(probe)) return [[dim(failingWords(probe, width, ascii))]];
  if (probe.status === 'failing') return silentLines(probe, state, height, place);
  return valueLines(probe, state, height, place);
};

/** Why it does not answer; below that, dim, what it said last, as far as there is room. */
const silentLines = (probe: ProbeState, state: Seen, height: number, place: Place): Line[] => {
  if (probe.values.length === 0) return failingLines(probe, place.width, height);
  const most = Math.max(1, height - Math.min(lastRows, probe.values.length));
  const why = failingLines(probe, place.width, Math.min(most, failingRows(probe)));
  return [...why, ...valueLines(probe, state, height - why.length, place)];
};

/** Rows of what a silent probe said last that are worth more than the rest of the reason. */
const lastRows = 2;

const valueLines = (probe: ProbeState, state: Seen, height: number, place: Place): Line[] => {
  if (height <= 0) return [];
  const { width, ascii } = place;
  const values = ranked<ProbeValue>(probe.values).filter((value) => !isInTitle(probe, value));
  const dimmed = isOld(probe);
  const at = { width, spark: sparkWidth(width), ascii, dimmed };
  const facts = place.facts
    ? values
        .filter((value) => value.type === 'fact')
        .toSorted((a, b) => factOrder(a) - factOrder(b))
        .map((fact) => (isSilentState(probe, fact) ? [dim(`was ${fact.text}`)] : factPiece(fact, dimmed)))
    : [];
  const telling = values.some(
    (value) => value.type === 'fact' && (value.state !== undefined || (value.level ?? 'ok') !== 'ok'),
  );
  const numbers = values.filter((value) => value.type !== 'fact');
  const flown = flowed(facts, width);
  // Facts first; where rows are few, numbers, and of facts that judge their first line.
  const said = flown.slice(0, Math.max(telling ? 1 : 0, height - numbers.length));
  const rows = foremost(numbers, height - said.length).map((value) =>
    value.type === 'value' ? readingRow(value, courseOf(state, probe, value), at) : gapRow(value, at),
  );
  return [...said, ...rows];
};

/** Whether a fact is the state of a probe that does not answer any more: it is not known now. */
export const isSilentState = ({ status }: ProbeState, { metric }: Fact): boolean =>
  status === 'failing' && metric === 'status';

/** The state itself, then what is not well. */
const factOrder = (fact: Fact): number => (fact.metric === 'status' ? 0 : isUnwell(fact) ? 1 : 2);

/** Why it does not answer in one line: what to do about it gives way first. */
export const failingWords = ({ reason, hint }: ProbeState, width: number, ascii: boolean): string => {
  const why = noAnswer(reason);
  const whole = hint === undefined ? why : `${why} (${hint})`;
  return displayWidth(whole) <= width ? whole : cutWords(why, width, ascii);
};

/** Why it does not answer, since when, and what to do about it. */
export const failingLines = (probe: ProbeState, width: number, height: number): Line[] => {
  const since = probe.failingSince === undefined ? '' : ` since ${formatClock(probe.failingSince)}`;
  const text = `▲ ${noAnswer(probe.reason, since)}`;
  const reason = wrapped(text, width, Math.max(1, height - 1));
  const hint = wrapped(probe.hint ?? probe.target, width, Math.max(0, height - reason.length));
  return [...reason.map((line) => [run(line, 'alarm')]), ...hint.map((line) => [dim(line)])];
};
