// Metrics that the user wants to see whatever else there is, named by globs: of a family (`buffer_*`) or, with a brace in
// them, of its series (`http_requests_total{code="5*"*}`).

import { safeText } from '../common/safe-text.ts';
import type { Family, FamilySample } from './metric-family.ts';
import { isGauge } from './metric-pairs.ts';
import type { Series } from './prometheus-series.ts';
import { shortName } from './short-name.ts';
import { gaugeOf, rateOf, type Signal } from './signal.ts';
import { signalsOf } from './signals-of-family.ts';

/** Rows that one glob may bring. */
const mostOfOne = 10;

/**
 * Whether a text is as the glob says: `*` for any characters, `?` for one; case counts for nothing. No regular expression: a
 * label may be a megabyte long, and several stars would then be tried in every combination.
 */
export const globMatcher = (glob: string): ((text: string) => boolean) => {
  const pattern = glob.toLowerCase();
  return (text) => matches(pattern, text.toLowerCase());
};

const matches = (pattern: string, text: string): boolean => {
  let [at, next] = [0, 0];
  // The newest star, and how much of the text it has taken: only that one has to be tried again.
  let [star, taken] = [-1, 0];
  while (at < text.length) {
    const sign = pattern[next];
    if (sign === '*') {
      star = next;
      taken = at;
      next += 1;
    } else if (sign === '?' || (sign !== undefined && sign === text[at])) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      taken += 1;
      at = taken;
      next = star + 1;
    } else return false;
  }
  while (pattern[next] === '*') next += 1;
  return next === pattern.length;
};

/** A series as people write it: `name{label="value"}`; unsafe to print. */
export const seriesText = ({ name, labels }: Pick<Series, 'name' | 'labels'>): string => {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
};

/** The rows of the globs, in their order, each family or series once. */
export const pinnedSignals = (
  families: ReadonlyMap<string, Family>,
  pins: readonly string[],
  claimed: Set<Family>,
): Signal[] =>
  pins.flatMap((pin) => {
    const wanted = globMatcher(pin);
    if (pin.includes('{')) return orNone(pin, seriesSignals(families, wanted));
    const found = [...families.values()].filter(
      (one) => !claimed.has(one) && (wanted(one.rawName) || wanted(one.name)),
    );
    for (const family of found.slice(0, mostOfOne)) claimed.add(family);
    return orNone(pin, found.slice(0, mostOfOne).flatMap(signalsOf));
  });

/** A glob that nothing matches is said: it may be a slip of the fingers, and costs a run. */
const orNone = (pin: string, signals: Signal[]): Signal[] =>
  signals.length > 0
    ? signals
    : [{ metric: pin, label: shortName(pin), source: { type: 'gap', reason: 'no metric has such a name' } }];

const seriesSignals = (families: ReadonlyMap<string, Family>, wanted: (text: string) => boolean): Signal[] => {
  const signals: Signal[] = [];
  for (const family of families.values()) {
    const found: FamilySample[] = [];
    for (const sample of family.samples) {
      if (signals.length + found.length >= mostOfOne) break;
      if (wanted(seriesText(sample.series))) found.push(sample);
    }
    const telling = tellingLabels(found);
    signals.push(...found.map((sample) => seriesSignal(family, sample, telling)));
  }
  return signals;
};

/** The labels in which the series differ; all of them where there is but one. */
const tellingLabels = (samples: readonly FamilySample[]): readonly string[] => {
  const names = [...new Set(samples.flatMap(({ series }) => Object.keys(series.labels)))];
  if (samples.length < 2) return names;
  return names.filter((name) => new Set(samples.map(({ series }) => series.labels[name])).size > 1);
};

/** Cells of a label that has a series' labels in it: as many as a panel of the usual width can show. */
const seriesLabelLimit = 22;

/** `…queue_jobs mail failed`: all that tells it from the others, and of the family what there is room for. */
const seriesLabel = (family: Family, sample: FamilySample, telling: readonly string[]): string => {
  const values = telling.map((name) => sample.series.labels[name] ?? '').filter((value) => value !== '');
  const told = safeText(values.join(' '), 200);
  if (told === '') return shortName(family.name, seriesLabelLimit);
  const room = seriesLabelLimit - told.length - 1;
  if (room >= leastFamilyCells) return `${shortName(family.name, room)} ${told}`;
  return told.length <= seriesLabelLimit ? told : `…${told.slice(1 - seriesLabelLimit)}`;
};

/** In fewer a family's name says nothing. */
const leastFamilyCells = 6;

/** A part of a family, as a row of its own: its label is what tells it from the others. */
const seriesSignal = (family: Family, sample: FamilySample, telling: readonly string[]): Signal => {
  const text = seriesText(sample.series);
  const alone: Family = { ...family, samples: [sample] };
  // What is part of a distribution counts like a counter.
  const signal = isGauge(family)
    ? gaugeOf(text, '', alone)
    : rateOf(text, '', { ...alone, type: 'counter' }, () => true);
  return { ...signal, label: seriesLabel(family, sample, telling) };
};
