// One iteration of a scenario as it is printed: with --show each request and answer as it went over the wire, else a line for
// each. Secrets are masked: what headers say is one, what the profile declares as one, and what was captured under such a name.

import { isSecretHeader, maskHeader, safeText, steeringCharacters } from '../common/safe-text.ts';
import { formatBytes, formatSpan } from '../common/units.ts';
import { encodeForm, encodeQuery } from '../common/url-encoding.ts';
import type { AnswerView, ExchangeView } from '../engine/once.ts';
import type { RequestView } from '../engine/request-view.ts';

/** Lines of a body, and characters of a line, that are shown. */
const mostLines = 40;
const longestLine = 500;
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

/** What must not be shown. */
export class Secrets {
  readonly #texts: Set<string>;

  constructor(texts: readonly string[]) {
    this.#texts = new Set(texts.flatMap(forms));
  }

  /** Values captured under a name that says that they are secret stay so wherever they turn up. */
  learn(captured: ExchangeView['captured']): void {
    for (const [name, value] of captured) {
      if (isSecretHeader(name) && typeof value === 'string') for (const form of forms(value)) this.#texts.add(form);
    }
  }

  mask(text: string): string {
    // The longest first: one may be a part of another.
    const texts = [...this.#texts].sort((one, other) => other.length - one.length);
    return texts.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
  }
}

/** A secret as it stands in a text, in a path, a query, a form and in JSON. */
const forms = (secret: string): readonly string[] =>
  secret === ''
    ? []
    : [
        secret,
        encodeURIComponent(secret.toWellFormed()),
        encodeQuery(secret),
        encodeForm(secret),
        JSON.stringify(secret).slice(1, -1),
      ];

/** The lines for a request and what came of it. */
export const exchangeLines = (
  view: ExchangeView,
  names: OnceNames,
  { secrets, show }: { readonly secrets: Secrets; readonly show: boolean },
): readonly string[] => {
  secrets.learn(view.captured);
  const lines = [
    headline(view, names),
    ...(show && view.request ? requestLines(view.request, names.origin) : []),
    ...(show && view.answer ? answerLines(view.answer) : []),
    ...(show ? view.captured.map(capturedLine) : []),
    ...(show
      ? view.judged.map(({ metric, passed }) => `  ${passed ? 'passed' : 'failed'}  ${names.metric(metric)}`)
      : []),
  ];
  return lines.map((line) => secrets.mask(line));
};

const headline = ({ outcome, answer }: ExchangeView, { step }: OnceNames): string => {
  const isFollowed = answer !== undefined && answer.status >= 300 && answer.status < 400;
  const word = outcome === undefined ? (isFollowed ? 'followed' : 'skipped') : outcome.good ? 'ok' : 'not ok';
  const came = answer ? `${answer.status} after ${formatSpan(answer.endedMs)}` : '';
  const why = outcome && !outcome.good ? [outcome.cause, safeText(outcome.example ?? '', 300)] : [];
  return [`${word}  ${step}`, came, ...why].filter((part) => part !== '').join('  ');
};

const requestLines = ({ method, target, headers, body }: RequestView, origin: string): readonly string[] => {
  const url = target.startsWith('/') ? `${origin}${target}` : target;
  return [
    `  > ${method} ${safeText(url, 2000)}`,
    ...headers.map(([name, value]) => `  > ${headerText(name, value)}`),
    ...bodyLines(body, body.length).map((line) => `  > ${line}`),
  ];
};

const answerLines = (answer: AnswerView): readonly string[] => [
  `  < ${answer.status} ${safeText(answer.statusText)}`.trimEnd(),
  ...answer.headers.map(([name, value]) => `  < ${headerText(name, value)}`),
  ...bodyLines(answer.body, answer.size).map((line) => `  < ${line}`),
  ...pieceLines(answer),
];

const headerText = (name: string, value: string): string =>
  `${safeText(name)}: ${safeText(maskHeader(name, value), longestLine)}`;

const capturedLine = ([name, value]: ExchangeView['captured'][number]): string =>
  `  captured  ${name} = ${isSecretHeader(name) ? '***' : safeText(JSON.stringify(value), longestLine)}`;

/** When the pieces of an answer came, where it was more than one. */
const pieceLines = ({ pieces, firstByteMs, endedMs }: AnswerView): readonly string[] => {
  const times = `  first byte after ${formatSpan(firstByteMs)}, all after ${formatSpan(endedMs)}`;
  if (pieces.length < 2) return [times];
  const shown = pieces.slice(0, mostPieces).map(({ atMs, bytes }) => `${formatBytes(bytes)} after ${formatSpan(atMs)}`);
  const more = pieces.length - shown.length;
  return [times, `  in ${pieces.length} pieces: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
};

const bodyLines = (body: Buffer, size: number): readonly string[] => {
  if (size === 0) return [];
  if (isBinary(body)) return ['', `(${formatBytes(size)} that are no text)`];
  const lines = body.toString().split(/\r?\n/);
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
