// Tables of the summary that only some runs have: the target's addresses where there were several, and the rounds of
// bursts.

import { safeText } from '../common/safe-text.ts';
import { formatClock, formatCount, formatDuration, formatShare } from '../common/units.ts';
import type { Summary } from '../measure/summary.ts';
import { columns, type Paint } from './text-layout.ts';

/** Rows that are printed; the JSON summary has them all. */
const shown = 20;

const more = (left: number, what: string): string[] => (left > 0 ? [`  and ${formatCount(left)} more ${what}`] : []);

/** What went to each address, where more than one was used. */
export const addressTable = ({ addresses }: Summary, paint: Paint): string[] => {
  if (addresses.length < 2) return [];
  const rows = addresses
    .slice(0, shown)
    .map(({ address, requests, shareRatio, notGood }) => [
      safeText(address, 39),
      formatCount(requests),
      formatShare(shareRatio),
      formatCount(notGood),
    ]);
  return [
    paint('heading', 'Addresses of the target'),
    ...columns([['', 'requests', 'share', 'not good'], ...rows], ['left', 'right', 'right', 'right']),
    ...more(addresses.length - shown, 'addresses'),
  ];
};

/** How each round of bursts went. */
export const roundTable = ({ rounds }: Summary, paint: Paint): string[] => {
  if (rounds.length === 0) return [];
  const rows = rounds
    .slice(0, shown)
    .map(({ round, size, releasedAt, sendSpreadMs, totalMs, good, notGood }) => [
      String(round + 1),
      formatCount(size),
      formatClock(releasedAt),
      formatDuration(sendSpreadMs),
      formatDuration(totalMs),
      formatCount(good),
      formatCount(notGood),
    ]);
  return [
    paint('heading', 'Bursts'),
    '  sent within: from the release to the last byte of the last request',
    ...columns(
      [['', 'at once', 'at', 'sent within', 'all ended after', 'good', 'not good'], ...rows],
      ['right', 'right', 'right', 'right', 'right', 'right', 'right'],
    ),
    ...more(rounds.length - shown, 'bursts'),
  ];
};
