// The server's side in one block, for terminals that have no room for a panel each: a row for each kind of probe, two
// values in it; where rows are few, two kinds in a row. Pure.

import { formatShare } from '../../common/units.ts';
import type { ProbeState } from '../../session/state.ts';
import { fitLine, lineWidth } from '../format.ts';
import { type ServerPanel, serverPanels } from '../layout.ts';
import { instancesOf, silenceText } from '../parts/instance-lines.ts';
import { combine, combinedCourse, combinedNote } from '../parts/instances.ts';
import { failingWords, isShown } from '../parts/probe-lines.ts';
import {
  foremost,
  fullest,
  hasValues,
  isInTitle,
  isOld,
  isUnmissed,
  isUnwell,
  levelSign,
  type ProbeValue,
  probesOf,
  ranked,
  readingRole,
  statusOf,
} from '../parts/probe-values.ts';
import { courseOf, factPiece, readingAlone, readingText } from '../parts/reading-row.ts';
import { dim, firstThatFits, joined, run } from '../parts/runs.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import type { FocusName } from '../zoom.ts';
import { generatorFacts, verdictOf } from './generator-lines.ts';
import { type Block, packed, rowCounts } from './server-rows.ts';

type Kind = Exclude<ServerPanel, 'generator'>;

interface KindRow {
  readonly kind: Kind;
  readonly name: string;
  /** What its row says where nobody asked for it; undefined for what is not missed then. */
  readonly absent: string | undefined;
}

const kinds: readonly KindRow[] = [
  { kind: 'health', name: 'health', absent: 'not polled: --health URL' },
  { kind: 'metrics', name: 'metrics', absent: 'not polled: --metrics URL' },
  { kind: 'mongodb', name: 'mongodb', absent: 'not configured: --mongo URI' },
  { kind: 'target host', name: 'target host', absent: undefined },
  { kind: 'host', name: 'machine', absent: 'not measured' },
  { kind: 'target process', name: 'target proc', absent: undefined },
];

/** Cells of the names at the left. */
const nameCells = 12;

/** Rows of the block, its title included: those in which every configured kind is seen, and those it could fill. */
export const serverRows = (
  state: Seen,
  parts: readonly ServerPanel[] = serverPanels,
): { readonly least: number; readonly most: number } => {
  const wanted = kinds.filter(({ kind }) => parts.includes(kind));
  const there = wanted.filter(({ kind }) => isShown(state, kind));
  const has = (wanted: Kind): boolean => there.some(({ kind }) => kind === wanted);
  // Health and metrics share a row before a chart gets smaller for them.
  const shared = has('health') && has('metrics') ? 1 : 0;
  const filled = wanted.reduce((sum, { kind, absent }) => {
    const values = probesOf(state, kind)[0]?.values.length ?? 0;
    return sum + Math.max(absent !== undefined || has(kind) ? 1 : 0, Math.ceil(values / 2));
  }, 0);
  const own = parts.includes('generator') ? 2 : 1;
  return { least: own + there.length - shared, most: own + filled };
};

interface Place {
  readonly width: number;
  readonly height: number;
  readonly ascii: boolean;
  readonly focus: FocusName | undefined;
  readonly parts: readonly ServerPanel[];
}

/** The block's lines below its title. */
export const serverLines = (state: Seen, { width, height, ascii, focus, parts }: Place): Line[] => {
  const inner = width - nameCells - 2;
  const half = Math.floor((inner - 2) / 2);
  const blocks = kinds.filter(({ kind }) => parts.includes(kind)).flatMap((row) => blockOf(row, state, half, ascii));
  const { words, role } = verdictOf(state.generator);
  const facts = generatorFacts(state, ', ').map((text): Line => [run(words, role), dim(`: ${text}`)]);
  const verdict = firstThatFits(facts, inner + 1);
  const generator: Block = {
    name: 'generator',
    kind: 'generator',
    rows: [verdict],
    short: () => verdict,
    configured: true,
  };
  const last = parts.includes('generator') ? [generator] : [];
  const configured = blocks.filter((block) => block.configured);
  if (configured.length + last.length > height) {
    const rows = packed(configured, Math.max(0, height - last.length)).map(([left, right]): Line => {
      const line = [...nameRuns(left, focus), ...fitLine(left.short(half), half, ascii), run('  ')];
      return right === undefined
        ? [...nameRuns(left, focus), ...left.rows[0]!]
        : [...line, ...shortWithName(right, half, focus)];
    });
    return [...rows, ...last.map((block): Line => [...nameRuns(block, focus), ...verdict])];
  }
  const all = [...blocks, ...last];
  const counts = rowCounts(all, height);
  return all.flatMap((block, index) =>
    block.rows
      .slice(0, counts[index])
      .map(
        (row, at): Line => [
          ...(at === 0 ? nameRuns(block, focus) : [run(' '.repeat(nameCells + 1))]),
          ...fitLine(row, inner + 1, ascii),
        ],
      ),
  );
};

/** The name at the left; a chosen one has a sign, too. */
const nameRuns = ({ name, kind }: Block, focus: FocusName | undefined): Line => [
  kind === focus ? run(`>${name.padEnd(nameCells)}`, 'focus') : dim(` ${name.padEnd(nameCells)}`),
];

/** The second of two kinds in a row says whose it is; metrics do that themselves where it is needed. */
const shortWithName = (block: Block, width: number, focus: FocusName | undefined): Line => {
  const chosen = block.kind === focus;
  if (block.kind === 'metrics' && !chosen) return block.short(width);
  const name = `${chosen ? '>' : ''}${block.name} `;
  return [run(name, chosen ? 'focus' : 'dim'), ...block.short(width - name.length)];
};

const blockOf = ({ kind, name, absent }: KindRow, state: Seen, half: number, ascii: boolean): Block[] => {
  const probes = isShown(state, kind) ? probesOf(state, kind) : [];
  if (probes.length === 0) {
    const line: Line = [dim(absent ?? '')];
    return absent === undefined ? [] : [{ kind, name, rows: [line], short: () => line, configured: false }];
  }
  const said = saidOfAll(kind, probes, state, { width: half * 2 + 2, ascii });
  // What a silent one said last stands below why it is silent.
  const lasting = probes.length === 1 && !isUnmissed(probes[0]!);
  const halves = said === undefined || lasting ? halvesOf(probes, state, ascii) : [];
  const rows = [...(said === undefined ? [] : [said]), ...pairs(halves, half, ascii)];
  const short = (width: number): Line => {
    // A metric's label speaks for itself; what stands in place of one says whose it is.
    const name: Line =
      kind === 'metrics' && (said !== undefined || probes[0]?.status === 'late') ? [dim('metrics ')] : [];
    const room = width - lineWidth(name);
    if (said !== undefined) return [...name, ...(saidOfAll(kind, probes, state, { width: room, ascii }) ?? said)];
    if (name.length > 0) return [...name, ...(halves[0]?.(width - lineWidth(name)) ?? [])];
    return kind === 'health' ? healthInShort(probes[0]!, width) : (halves[0]?.(width) ?? [dim('no values')]);
  };
  return [{ kind, name, rows: rows.length > 0 ? rows : [[dim('no values')]], short, configured: true }];
};

type Within = Pick<Place, 'width' | 'ascii'>;

/** One line in place of values: how several instances are, or why there are none; undefined where values are shown. */
const saidOfAll = (kind: Kind, probes: readonly ProbeState[], state: Seen, place: Within): Line | undefined => {
  const [probe] = probes;
  if (probe === undefined) return undefined;
  if (probes.length > 1 && kind === 'health') return healthOfSeveral(probes, place.width);
  if (probes.some(hasValues)) return undefined;
  const silent = probes.find(({ status }) => status === 'failing');
  if (silent === undefined) return [dim('waiting for the first answer')];
  const count = probes.length > 1 ? `${probes.length} instances, ` : '';
  const sign = isUnmissed(silent) ? '' : `▲ ${count}`;
  const told = { ...silent, reason: silent.reason ?? silenceText(silent, state.now) };
  const words = `${sign}${failingWords(told, place.width - sign.length, place.ascii)}`;
  return [isUnmissed(silent) ? dim(words) : run(words, 'alarm')];
};

/** `● degraded :3002  2 of 3 ok`: the worst of them, and how many are well. */
const healthOfSeveral = (probes: readonly ProbeState[], width: number): Line => {
  const [worst] = instancesOf(probes);
  const well = probes.filter((probe) => probe.status === 'ok' && (statusOf(probe)?.state ?? 'ok') === 'ok').length;
  const count: Line = [run(`${well} of ${probes.length} ok`)];
  if (worst === undefined || well === probes.length) return [run('● ', 'good'), ...count];
  const status = statusOf(worst.probe);
  const state: Line =
    hasValues(worst.probe) && status !== undefined
      ? factPiece(status, worst.probe.status === 'late')
      : [worst.probe.status === 'failing' ? run('▲ silent', 'alarm') : dim('waiting')];
  return firstThatFits([joined([[...state, run(` ${worst.name}`)], count]), joined([state, count]), state], width);
};

const healthInShort = (probe: ProbeState, width: number): Line => {
  const late = probe.status === 'late';
  const status = statusOf(probe);
  const bounded = fullest(probe.values);
  const is: Line = status === undefined ? [dim('answers')] : factPiece(status, late);
  // What fails says more than a number.
  const checks = probe.values.filter(isUnwell).filter(({ metric }) => metric !== 'status');
  const state = firstThatFits(
    [
      ...checks.map((_, index) =>
        joined([is, ...checks.slice(0, checks.length - index).map((fact) => factPiece(fact, late))]),
      ),
      is,
    ],
    width,
  );
  if (bounded?.limit === undefined) return state;
  const role = late ? 'dim' : readingRole(bounded);
  const piece = (text: string): Line =>
    joined([state, [dim(`${bounded.label} `), run(`${levelSign(bounded.level)}${text}`, role)]]);
  const share = formatShare(bounded.value / bounded.limit);
  return firstThatFits([piece(readingText(bounded)), piece(share), state], width);
};

/** What stands in half a row. */
type Half = (width: number) => Line;

const halvesOf = (probes: readonly ProbeState[], state: Seen, ascii: boolean): Half[] => {
  const sparkOf = (width: number): number => Math.round(width * 0.24);
  const [probe] = probes;
  if (probe === undefined) return [];
  if (probes.length === 1) {
    const dimmed = isOld(probe);
    const silence: Half[] = probe.status === 'late' ? [() => [run(silenceText(probe, state.now), 'warn')]] : [];
    // What is wrong comes first: a row has room for two.
    const ordered = ranked<ProbeValue>(probe.values).filter((value) => !isInTitle(probe, value));
    const first = foremost(ordered, 2);
    const all = [...first, ...ordered.filter((value) => !first.includes(value))];
    const values = all.flatMap((value): Half[] => {
      if (value.type === 'gap') return [];
      if (value.type === 'fact') return [() => factPiece(value, dimmed)];
      const course = courseOf(state, probe, value);
      return [(width) => readingAlone(value, course, { width, spark: sparkOf(width), ascii, dimmed })];
    });
    return [...silence, ...values];
  }
  const silent = probes.filter(({ status }) => status === 'failing').length;
  const count: Half[] = silent > 0 ? [() => [run(`▲ ${silent} of ${probes.length} silent`, 'alarm')]] : [];
  const rows = combine(probes).flatMap((row): Half[] => {
    if ('type' in row) return [];
    const note = combinedNote(row, probes.length);
    const course = combinedCourse(state, row);
    return [(width) => readingAlone(row.reading, course, { width, spark: sparkOf(width), ascii }, note)];
  });
  return [...count, ...rows];
};

const pairs = (halves: readonly Half[], width: number, ascii: boolean): Line[] => {
  const rows: Line[] = [];
  for (let at = 0; at < halves.length; at += 2) {
    const [left, right] = [halves[at]!, halves[at + 1]];
    rows.push([...fitLine(left(width), width, ascii), run('  '), ...(right?.(width) ?? [])]);
  }
  return rows;
};
