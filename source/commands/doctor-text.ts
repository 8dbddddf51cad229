// What doctor prints: a line for each check, in columns, with what to do below those that need it; or all of it as one JSON
// object. Pure.

import { formatLength } from '../common/units.ts';
import { type Paint, painter, type Tone } from '../outputs/text-layout.ts';
import { type Check, type CheckLevel, needsAttention } from '../preflight/check.ts';

/** What the checks are of, in the order in which they are told. */
export type CheckGroup = 'machine' | 'target' | 'probes' | 'load';

export interface DoctorReport {
  /** What was asked about: an origin with its load; undefined for this machine alone. */
  readonly subject: string | undefined;
  readonly version: string;
  readonly tookMs: number;
  readonly groups: readonly (readonly [group: CheckGroup, checks: readonly Check[]])[];
}

export interface TextOptions {
  /** A terminal gets a sign before each line, and lines folded to its width. */
  readonly terminal: { readonly columns: number; readonly colour: boolean } | undefined;
  readonly ascii: boolean;
}

const words: Readonly<Record<CheckLevel, string>> = { ok: 'ok', warn: 'warn', bad: 'bad', skipped: 'skip' };
const signs: Readonly<Record<CheckLevel, string>> = { ok: '✓', warn: '!', bad: '✗', skipped: '·' };
const asciiSigns: Readonly<Record<CheckLevel, string>> = { ok: '+', warn: '!', bad: 'x', skipped: '-' };
const tones: Readonly<Partial<Record<CheckLevel, Tone>>> = { ok: 'good', warn: 'warn', bad: 'bad' };

/** So many checks of a level. */
export const countOf = ({ groups }: DoctorReport, level: CheckLevel): number =>
  groups.flatMap(([, checks]) => checks).filter((check) => check.level === level).length;

/** The report as text, its last line ended. */
export const doctorText = (report: DoctorReport, options: TextOptions): string => {
  const { terminal, ascii } = options;
  const paint = painter(terminal?.colour ?? false);
  const rows = report.groups.flatMap(([group, checks]) => checks.map((check) => ({ group, check })));
  const widths = {
    group: Math.max(0, ...rows.map(({ group }) => group.length)),
    name: Math.max(0, ...rows.map(({ check }) => check.name.length)),
  };
  const head = report.subject === undefined ? [] : [`loadtop doctor: ${report.subject}`, ''];
  const lines = rows.flatMap(({ group, check }, index) => {
    const lead = leadOf(check, group, widths, terminal !== undefined, ascii, paint);
    const between = terminal !== undefined && index > 0 && rows[index - 1]!.group !== group ? [''] : [];
    return [...between, ...checkLines(check, lead, terminal?.columns ?? Infinity, ascii)];
  });
  return [...head, ...lines, '', lastLine(report, paint), ''].join('\n');
};

interface Lead {
  readonly text: string;
  /** On the screen. */
  readonly width: number;
}

const leadOf = (
  { level, name }: Check,
  group: CheckGroup,
  widths: { readonly group: number; readonly name: number },
  signed: boolean,
  ascii: boolean,
  paint: Paint,
): Lead => {
  const sign = signed ? `${(ascii ? asciiSigns : signs)[level]} ` : '';
  const word = `${sign}${words[level].padEnd(4)}`;
  const rest = `  ${group.padEnd(widths.group)}  ${name.padEnd(widths.name)}  `;
  const tone = tones[level];
  return { text: `${tone ? paint(tone, word) : word}${rest}`, width: word.length + rest.length };
};

/** The narrowest column that text is folded into: below that the terminal may fold it. */
const leastRoom = 24;

const checkLines = (check: Check, lead: Lead, columns: number, ascii: boolean): string[] => {
  const { found, wanted, todo } = check;
  const room = Math.max(leastRoom, columns - lead.width);
  const said = wanted === undefined || !needsAttention(check) ? found : `${found} (wanted: ${wanted})`;
  const indent = ' '.repeat(lead.width);
  const [first = '', ...more] = fold(said, room);
  const advice = needsAttention(check) && todo !== undefined ? fold(`${ascii ? '->' : '→'} ${todo}`, room) : [];
  return [lead.text + first, ...[...more, ...advice].map((line) => indent + line)].map((line) => line.trimEnd());
};

const fold = (text: string, room: number): string[] => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
};

const lastLine = (report: DoctorReport, paint: Paint): string => {
  const counts = { bad: countOf(report, 'bad'), warn: countOf(report, 'warn') };
  const parts = [
    counts.bad > 0 ? paint('bad', `${counts.bad} bad`) : '',
    counts.warn > 0 ? paint('warn', `${counts.warn} to look at`) : '',
    `${countOf(report, 'ok')} ok`,
    `${countOf(report, 'skipped')} not checked`,
  ].filter(Boolean);
  return `${parts.join(', ')}; in ${formatLength(report.tookMs)}`;
};

/** The report as one JSON object on one line. */
export const doctorJson = (report: DoctorReport): string => {
  const checks = report.groups.flatMap(([group, list]) => list.map((check) => ({ group, ...check })));
  const { subject = null, version, tookMs } = report;
  const counts = { ok: countOf(report, 'ok'), warn: countOf(report, 'warn'), bad: countOf(report, 'bad') };
  const all = { ...counts, skipped: countOf(report, 'skipped') };
  return `${JSON.stringify({ type: 'doctor', version, subject, tookMs: Math.round(tookMs), ...all, checks })}\n`;
};
