// The content of a probe's panel on the dashboard: its values by rank as far as there is room, or why there are none.
// Pure. The zoomed panel, which shows all, is zoom-rows.ts.

import { formatClock } from '../../common/units.ts';
import type { ProbeState } from '../../session/state.ts';
import { fitLine } from '../format.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { instanceLines, instancesTitle, silenceText } from './instance-lines.ts';
import { combine, combinedCourse, combinedNote } from './instances.ts';
import { foremost, hasValues, type ProbeKind, type ProbeValue, probesOf, ranked } from './probe-values.ts';
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

/** Nobody asked for it and it does not answer: worth a word, but nothing is wrong. */
const isAbsent = ({ status, unasked }: ProbeState): boolean => unasked && status === 'failing';

/** What only some targets have. */
const isOptional = ({ kind }: ProbeState): boolean => kind === 'target host' || kind === 'target process';

/** About as many rows as reason and hint need in a narrow panel. */
const failingRows = ({ reason, hint, target }: ProbeState): number => {
  const rowsOf = (text: string): number => Math.ceil(text.length / 40);
  return Math.min(6, rowsOf(`no answer since 0:00: ${reason ?? ''}`) + rowsOf(hint ?? target));
};

/** Whether the kind has anything to show, or somebody asked for it. */
export const isShown = (state: Seen, kind: ProbeKind): boolean =>
  probesOf(state, kind).some((probe) => !(isAbsent(probe) && isOptional(probe)));

/** Rows that the panel of a kind could fill, its title included. */
export const probeRows = (state: Seen, kind: ProbeKind): number => {
  const probes = probesOf(state, kind);
  const [probe] = probes;
  if (!probe) return 1;
  if (probes.length > 1) return 1 + probes.length + combine(probes).length;
  if (isAbsent(probe)) return 2;
  if (!hasValues(probe)) return probe.status === 'failing' ? 1 + failingRows(probe) : 2;
  const values = probe.values.filter(({ type }) => type !== 'fact').length;
  return 1 + values + Math.ceil((probe.values.length - values) / 3);
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
  if (isAbsent(probe)) return [fitLine([dim(failingText(probe))], width, ascii)];
  if (probe.status === 'failing') return failingLines(probe, width, height);
  const values = ranked<ProbeValue>(probe.values);
  const dimmed = probe.status === 'late';
  const at = { width, spark: sparkWidth(width), ascii, dimmed };
  const facts = place.facts
    ? values.filter((value) => value.type === 'fact').map((fact) => factPiece(fact, dimmed))
    : [];
  const telling = values.some((value) => value.type === 'fact' && (value.state ?? value.level) !== undefined);
  const numbers = values.filter((value) => value.type !== 'fact');
  const flown = flowed(facts, width);
  // Facts first; where rows are few, numbers, and of facts that judge their first line.
  const said = flown.slice(0, Math.max(telling ? 1 : 0, height - numbers.length));
  const rows = foremost(numbers, height - said.length).map((value) =>
    value.type === 'value' ? readingRow(value, courseOf(state, probe, value), at) : gapRow(value, at),
  );
  return [...said, ...rows];
};

const failingText = ({ reason, hint }: ProbeState): string =>
  `no answer: ${reason ?? 'unknown reason'}${hint === undefined ? '' : ` (${hint})`}`;

/** Why it does not answer, since when, and what to do about it. */
export const failingLines = (probe: ProbeState, width: number, height: number): Line[] => {
  const since = probe.failingSince === undefined ? '' : ` since ${formatClock(probe.failingSince)}`;
  const text = `▲ no answer${since}: ${probe.reason ?? 'unknown reason'}`;
  const reason = wrapped(text, width, Math.max(1, height - 1));
  const hint = wrapped(probe.hint ?? probe.target, width, Math.max(0, height - reason.length));
  return [...reason.map((line) => [run(line, 'alarm')]), ...hint.map((line) => [dim(line)])];
};
