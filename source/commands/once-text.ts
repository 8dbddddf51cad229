// One iteration of a scenario as it is printed: with --show each request and answer as it went over the wire, else a line for
// each. Secrets are masked: what headers say is one, what the profile declares as one, and what was captured under such a name.

import { isSecretHeader, maskHeader, safeText, steeringCharacters } from '../common/safe-text.ts';
import type { Secrets } from '../common/secrets.ts';
import { formatBytes, formatCount, formatSpan } from '../common/units.ts';
import type { AnswerView, ExchangeView } from '../engine/once.ts';
import type { RequestView } from '../engine/request-view.ts';

/** Lines of a body, and characters of a line, that are shown. */
const mostLines = 40;
const longestLine = 500;
/** Of the lines of a stream that is longer, the last. */
const lastLines = 5;
/** Pieces of an answer whose times are shown. */
const mostPieces = 20;

export interface OnceNames {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Name of the step. */
  readonly step: string;
  /** The words of a metric, by its index. */
  readonly metric: (index: number) => string;
}

/** Takes secrets out of a text: before it is cut, which could leave half of one, and once more at the end. */
type Mask = (text: string) => string;

/** The lines for a request and what came of it. */
export const exchangeLines = (
  view: ExchangeView,
  names: OnceNames,
  { secrets, show }: { readonly secrets: Secrets; readonly show: boolean },
): readonly string[] => {
  secrets.learn(view.captured);
  const mask: Mask = (text) => secrets.mask(text);
  const lines = [
    headline(view, names, mask),
    ...(show && view.request ? requestLines(view.request, names.origin, mask) : []),
    ...(show && view.answer ? answerLines(view.answer, mask) : []),
    ...(show ? view.captured.map((captured) => capturedLine(captured, mask)) : []),
    ...(show
      ? view.judged.map(({ metric, passed }) => `  ${passed ? 'passed' : 'failed'}  ${names.metric(metric)}`)
      : []),
  ];
  return lines.map(mask);
};

const headline = ({ outcome, answer }: ExchangeView, { step }: OnceNames, mask: Mask): string => {
  const isFollowed = answer !== undefined && answer.status >= 300 && answer.status < 400;
  const word = outcome === undefined ? (isFollowed ? 'followed' : 'skipped') : outcome.good ? 'ok' : 'not ok';
  const came = answer ? `${answer.status} after ${formatSpan(answer.endedMs)}` : '';
  return [`${word}  ${step}`, came, ...whyNot(outcome, mask)].filter((part) => part !== '').join('  ');
};

/** The cause, and what was found; an example that begins with its cause says both. */
const whyNot = (outcome: ExchangeView['outcome'], mask: Mask): readonly string[] => {
  if (!outcome || outcome.good) return [];
  const example = safeText(mask(outcome.example ?? ''), 300);
  return example.startsWith(outcome.cause) ? [example] : [outcome.cause, example];
};

const requestLines = (
  { method, target, headers, body }: RequestView,
  origin: string,
  mask: Mask,
): readonly string[] => {
  const url = target.startsWith('/') ? `${origin}${target}` : target;
  return [
    `  > ${method} ${safeText(mask(url), 2000)}`,
    ...headers.map(([name, value]) => `  > ${headerText(name, value, mask)}`),
    ...bodyLines(body, body.length, mask).map((line) => `  > ${line}`),
  ];
};

const answerLines = (answer: AnswerView, mask: Mask): readonly string[] => [
  `  < ${answer.status} ${safeText(answer.statusText)}`.trimEnd(),
  ...answer.headers.map(([name, value]) => `  < ${headerText(name, value, mask)}`),
  ...(isStream(answer) ? chunkLines(answer, mask) : bodyLines(answer.body, answer.size, mask)).map(
    (line) => `  < ${line}`,
  ),
  ...pieceLines(answer),
];

/** What comes bit by bit is shown with the time of each bit. */
const isStream = ({ headers, size }: AnswerView): boolean =>
  size > 0 &&
  headers.some(([name, value]) => name.toLowerCase() === 'content-type' && value.startsWith('text/event-stream')) &&
  !headers.some(([name]) => name.toLowerCase() === 'content-encoding');

/** The chunks of a stream without its empty lines, each with the time it came at. */
const chunkLines = ({ pieces, body, size }: AnswerView, mask: Mask): readonly string[] => {
  let at = 0;
  const lines = pieces.flatMap(({ atMs, bytes }) => {
    const chunk = body.subarray(at, at + bytes);
    at += bytes;
    return mask(chunk.toString())
      .split(/\r?\n/)
      .filter((line) => line !== '')
      .map((line, index) => `${(index === 0 ? `${formatCount(atMs)} ms` : '').padStart(9)}  ${shownLine(line)}`);
  });
  const left = lines.length - mostLines;
  // How it ends is as telling as how it begins.
  const shown =
    left > 0
      ? [...lines.slice(0, mostLines - lastLines), `(${formatCount(left)} more)`, ...lines.slice(-lastLines)]
      : lines;
  return ['', ...shown, ...(body.length < size ? [`(${formatBytes(size)} in all)`] : [])];
};

const headerText = (name: string, value: string, mask: Mask): string =>
  `${safeText(name)}: ${safeText(mask(maskHeader(name, value)), longestLine)}`;

const capturedLine = ([name, value]: ExchangeView['captured'][number], mask: Mask): string =>
  `  captured  ${name} = ${isSecretHeader(name) ? '***' : safeText(mask(JSON.stringify(value)), longestLine)}`;

/** When the pieces of an answer came, where it was more than one. */
const pieceLines = (answer: AnswerView): readonly string[] => {
  const { pieces, firstByteMs, endedMs } = answer;
  const times = `  first byte after ${formatSpan(firstByteMs)}, all after ${formatSpan(endedMs)}`;
  if (pieces.length < 2 || isStream(answer)) return [times];
  const shown = pieces.slice(0, mostPieces).map(({ atMs, bytes }) => `${formatBytes(bytes)} after ${formatSpan(atMs)}`);
  const more = pieces.length - shown.length;
  return [times, `  in ${pieces.length} pieces: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
};

const bodyLines = (body: Buffer, size: number, mask: Mask): readonly string[] => {
  if (size === 0) return [];
  if (isBinary(body)) return ['', `(${formatBytes(size)} that are no text)`];
  const lines = mask(body.toString()).split(/\r?\n/);
  const shown = lines.slice(0, mostLines).map(shownLine);
  const isAll = lines.length <= mostLines && body.length >= size && lines.every((line) => line.length <= longestLine);
  return ['', ...shown, ...(isAll ? [] : [`(${formatBytes(size)} in all)`])];
};

const unsafe = new RegExp(`[\\u0000-\\u001f${steeringCharacters}]`, 'g');

/** A line without what could steer a terminal, its indentation kept. */
const shownLine = (line: string): string => line.slice(0, longestLine).replaceAll(unsafe, ' ').toWellFormed();

/** Bytes that no text has: also those of what is compressed. */
const isBinary = (body: Buffer): boolean => {
  const start = body.subarray(0, 1024);
  if (start.includes(0)) return true;
  // A character may be cut in two at the end of what is looked at.
  return start.toString().slice(0, -1).includes('\ufffd');
};
