// Text as it is read aloud: units in words, before and after as "was … now …", no symbols. Pure; what is said, and when, is
// spoken.ts.

import { formatGrouped } from '../common/units.ts';

/** A number with its scale and unit, or a word. */
const amount = String.raw`[\d.,]+[kMGT]?`;
const unit = String.raw`(?:\/s| (?:ms|s|%|users?|[KMGT]?i?B)(?:\/s)?)`;
const side = `(?:${amount}${unit}?|all at once|[^\\s→,;()]+)`;
const change = new RegExp(`(${side}) → (${side})`, 'gu');
const withUnit = new RegExp(`^(${amount})(${unit})$`, 'u');

/** What may follow a number, in words; of one, where that differs. */
const unitWords: readonly (readonly [pattern: RegExp, words: string, one?: string])[] = [
  [/ ?ms\b/, 'milliseconds', 'millisecond'],
  [/ ?s\b/, 'seconds', 'second'],
  [/m\b/, 'minutes', 'minute'],
  [/h\b/, 'hours', 'hour'],
  [/d\b/, 'days', 'day'],
  [/ ?%/, 'percent'],
  [/ B\b/, 'bytes', 'byte'],
  [/ KiB\b/, 'kibibytes'],
  [/ MiB\b/, 'mebibytes'],
  [/ GiB\b/, 'gibibytes'],
  [/ kbit\b/, 'kilobits'],
  [/ Mbit\b/, 'megabits'],
  [/ Gbit\b/, 'gigabits'],
  [/k(?![\w-])/, 'thousand'],
  [/M(?![\w-])/, 'million'],
];

const units = unitWords.map(([after, words, one = words]) => ({
  pattern: new RegExp(`(?<![\\w.,:-])([\\d.,]*\\d)${after.source}`, 'g'),
  words,
  one,
}));

/** Addresses and paths stay as they are. */
const verbatim = /(\b[a-z]+:\/\/\S+|(?<=^|\s)[~.]?\/\S+)/;

/** The text in words; it does not end with a full stop unless it did. */
export const inWords = (text: string): string =>
  text
    .split(verbatim)
    .map((part, index) => (index % 2 === 1 ? part : wordsOf(part)))
    .join('')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/[–—]/g, '-')
    .replaceAll(/[^\x20-\x7e\p{L}\p{M}\p{N}]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/ ([,;.:)])/g, '$1')
    .trim();

const wordsOf = (text: string): string => {
  const changes = text
    .replaceAll(/ {3,}/g, '; ')
    .replaceAll(change, (_, before: string, after: string) => wasNow(before, after));
  const signs = changes
    .replaceAll('→', ' to ')
    .replaceAll('±', ' plus or minus ')
    .replaceAll('×', ' times ')
    .replaceAll('÷', ' divided by ')
    .replaceAll(/ ?<=? ?(?=[\d.])/g, ' below ')
    .replaceAll(/ ?>=? ?(?=[\d.])/g, ' above ')
    .replaceAll(/\bp(\d+(?:\.\d+)?)\b/g, '$1th percentile');
  const perSecond = signs.replaceAll(/(?<=\d[kMGT]?|bit|B)\/s\b/g, ' per second');
  return units.reduce(
    (so, { pattern, words, one }) =>
      so.replaceAll(pattern, (_, number: string) => `${number} ${number === '1' ? one : words}`),
    perSecond,
  );
};

/** `was 500, now 1,000/s,`: a unit that both have is said once. */
const wasNow = (before: string, after: string): string => {
  const [, number, ownUnit] = withUnit.exec(before) ?? [];
  const same = ownUnit !== undefined && ownUnit === withUnit.exec(after)?.[2];
  return `was ${same ? number : before}, now ${after}`;
};

/** The text in words as a sentence: it begins with a capital letter and ends with a full stop. */
export const sentence = (text: string): string => {
  const words = inWords(text);
  const end = /[.!?]$/.test(words) ? '' : '.';
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}${end}`;
};

/** A span in words, whole from ten seconds on: `1 minute 20 seconds`. */
export const spanWords = (ms: number): string => {
  if (ms < 9950) return counted(Number((ms / 1000).toFixed(1)), 'second');
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).slice(0, 2);
  return said.map(([count, name]) => counted(count, name)).join(' ');
};

/** `1 second`, `2 seconds`. */
export const counted = (count: number, name: string): string =>
  `${formatGrouped(count)} ${name}${count === 1 ? '' : 's'}`;
