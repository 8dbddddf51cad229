// What the control group of a process allows it: CPU of its quota, periods throttled, memory of its limit. Only where
// there are such limits; a machine without has no rows for them.

import type { Known, MachineChange } from './machine-change.ts';
import { type Bounds, fullBounds, levelOf, memoryBounds, row, throttledBounds } from './machine-row.ts';
import type { Level, ProbeValue } from './probe.ts';

const absent = 'the control group does not count it';

/** Rows of the limits that there are; ranks 6 to 8. */
export const groupRows = (change: MachineChange): ProbeValue[] => [...quotaRows(change), ...memoryRows(change)];

const quotaRows = (change: MachineChange): ProbeValue[] => {
  const { quota } = change.now;
  if (!quota) return [];
  const used = change.rate(({ quota: group }) => group?.usedMs, absent);
  const ofQuota = 'value' in used ? { value: used.value / 1000 / quota.cores } : used;
  const throttled = throttledShare(change);
  const level = (known: Known, bounds: Bounds): Level | undefined =>
    'value' in known ? levelOf(known.value, bounds) : undefined;
  const share = (metric: string, label: string, rank: number, known: Known, bounds: Bounds): ProbeValue =>
    row(known, { metric, label, rank, unit: 'ratio', level: level(known, bounds) });
  return [
    share('group.cpu', 'cpu of quota', 6, ofQuota, fullBounds),
    share('group.throttled', 'cpu throttled', 7, throttled, throttledBounds),
  ];
};

/** Share of the quota's periods that were cut short; 0 where none began, for then nothing ran. */
const throttledShare = (change: MachineChange): Known => {
  const periods = change.growth(({ quota }) => quota?.periods, absent);
  const throttled = change.growth(({ quota }) => quota?.throttled, absent);
  if ('reason' in periods || 'reason' in throttled) return 'reason' in periods ? periods : throttled;
  return { value: periods.value > 0 ? throttled.value / periods.value : 0 };
};

const memoryRows = ({ now }: MachineChange): ProbeValue[] => {
  const { groupMemory } = now;
  if (!groupMemory) return [];
  const { used, total } = groupMemory;
  const level = levelOf(used / total, memoryBounds);
  return [
    row(
      { value: used },
      { metric: 'group.memory', label: 'memory of limit', rank: 8, unit: 'bytes', limit: total, level },
    ),
  ];
};
