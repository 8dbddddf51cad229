// Metrics that the user wants to see whatever else there is, named by globs: of a family (`buffer_*`) or, with a brace in
// them, of its series (`http_requests_total{code="5*"*}`).

import { safeText } from '../common/safe-text.ts';
import type { Family, FamilySample } from './metric-family.ts';
import { isGauge } from './metric-pairs.ts';
import type { Series } from './prometheus-series.ts';
import { labelLimit } from './short-name.ts';
import { gaugeOf, rateOf, type Signal } from './signal.ts';
import { signalsOf } from './signals-of-family.ts';

/** Rows that one glob may bring. */
const mostOfOne = 10;

/** Whether a text is as the glob says: `*` for any characters, `?` for one; case counts for nothing. */
export const globMatcher = (glob: string): ((text: string) => boolean) => {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const pattern = new RegExp(`^${source}$`, 'is');
  return (text) => pattern.test(text);
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
    const matches = globMatcher(pin);
    if (pin.includes('{')) return seriesSignals(families, matches).slice(0, mostOfOne);
    const found = [...families.values()].filter(
      (one) => !claimed.has(one) && (matches(one.rawName) || matches(one.name)),
    );
    for (const family of found.slice(0, mostOfOne)) claimed.add(family);
    return found.slice(0, mostOfOne).flatMap(signalsOf);
  });

const seriesSignals = (families: ReadonlyMap<string, Family>, matches: (text: string) => boolean): Signal[] => {
  const signals: Signal[] = [];
  for (const family of families.values()) {
    for (const sample of family.samples) {
      if (signals.length >= mostOfOne) return signals;
      const text = seriesText(sample.series);
      if (matches(text)) signals.push(seriesSignal(family, sample, text));
    }
  }
  return signals;
};

/** A part of a family, as a row of its own: its label is what tells it from the others. */
const seriesSignal = (family: Family, sample: FamilySample, text: string): Signal => {
  const [label = ''] = Object.values(sample.series.labels).slice(-1);
  const name = safeText(label === '' ? text : `${family.name} ${label}`, 200);
  const alone: Family = { ...family, samples: [sample] };
  // What is part of a distribution counts like a counter.
  const signal = isGauge(family)
    ? gaugeOf(text, '', alone)
    : rateOf(text, '', { ...alone, type: 'counter' }, () => true);
  return {
    ...signal,
    label: name.length <= labelLimit ? name : `…${safeText(name.slice(1 - labelLimit), labelLimit)}`,
  };
};
