// Tables of the summary that only some runs have: the target's addresses where there were several, and the rounds of
// bursts.

import { safeText } from '../common/safe-text.ts';
import { formatCount, formatDuration, formatShare } from '../common/units.ts';
import { failuresText } from '../measure/burst.ts';
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

/** How each round of bursts went; below one that had errors, which. */
export const roundTable = ({ rounds }: Summary, paint: Paint): string[] => {
  if (rounds.length === 0) return [];
  const kept = rounds.slice(0, shown);
  const rows = kept.map(({ round, size, sendSpreadMs, totalMs, good, notGood, response }) => [
    String(round + 1),
    formatCount(size),
    formatDuration(sendSpreadMs),
    formatDuration(response.p50),
    formatDuration(response.p95),
    formatDuration(response.max),
    formatDuration(totalMs),
    formatCount(good),
    formatCount(notGood),
  ]);
  const [head = '', ...lines] = columns(
    [['', 'at once', 'sent in', 'p50', 'p95', 'max', 'took', 'good', 'errors'], ...rows],
    rows[0]!.map(() => 'right'),
  );
  return [
    paint('heading', 'Bursts'),
    '  sent in: until the last byte of the last request; took: until the last answer',
    head,
    ...lines.flatMap((line, index) => {
      const { failures } = kept[index]!;
      return failures.length > 0 ? [line, `       ${failuresText(failures)}`] : [line];
    }),
    ...more(rounds.length - shown, 'bursts'),
  ];
};
