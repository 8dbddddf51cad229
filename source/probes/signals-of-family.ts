// What can be shown of a family of any name: the rate of a counter, the state of a gauge, the latency of a distribution of
// times, how often any other one was observed.

import { type Family, isDistribution } from './metric-family.ts';
import { isGauge } from './metric-pairs.ts';
import { familyLabel, gaugeOf, latencyOf, rateOf, type Signal } from './signal.ts';

export const signalsOf = (family: Family): Signal[] => {
  if (family.type === 'counter') return [rateOf(family.rawName, familyLabel(family, 15), family)];
  if (isGauge(family)) return [gaugeOf(family.rawName, familyLabel(family), family)];
  if (isDistribution(family)) {
    const isTime = /seconds|milliseconds|_ms$|duration|latency/.test(family.name);
    const plain = { ...family, name: family.name.replace(/_(seconds|milliseconds|ms)$/, '') };
    const label = familyLabel(plain, 13);
    return isTime ? latencyOf(family.rawName, label, family).slice(0, 1) : [rateOf(family.rawName, label, family)];
  }
  return [];
};
