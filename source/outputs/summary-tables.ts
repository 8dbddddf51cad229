// Tables of the summary that only some runs have: the target's addresses where there were several, and the rounds of
// bursts.

import { failuresText } from '../common/failures-text.ts';
import { safeText } from '../common/safe-text.ts';
import { formatCount, formatDuration, formatShare } from '../common/units.ts';
import { failedRatio, type OthersFigures, timesText } from '../measure/burst.ts';
import type { Summary } from '../measure/summary.ts';
import { columns, folded, type Paint } from './text-layout.ts';

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
  const withStuck = rounds.some(({ beside }) => (beside?.stuck ?? 0) > 0);
  const rows = kept.map(({ round, size, sendSpreadMs, totalMs, good, notGood, response, beside }) => [
    String(round + 1),
    formatCount(size),
    formatDuration(sendSpreadMs),
    formatDuration(response.p50),
    formatDuration(response.p95),
    formatDuration(response.max),
    formatDuration(totalMs),
    formatCount(good),
    formatCount(notGood),
    ...(withStuck ? [formatCount(beside?.stuck ?? 0)] : []),
  ]);
  const heads = ['', 'at once', 'sent in', 'p50', 'p95', 'max', 'took', 'good', 'errors'];
  const [head = '', ...lines] = columns(
    [[...heads, ...(withStuck ? ['stuck'] : [])], ...rows],
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

/** What bursts did to the loads beside them, against the time in which those were alone. */
export const othersTable = ({ rounds }: Summary, paint: Paint): string[] => {
  const weighed = rounds.flatMap(({ size, beside }) => (beside?.others ? [{ size, others: beside.others }] : []));
  if (weighed.length === 0) return [];
  const alone = weighed.find(({ others }) => others.alone)?.others.alone;
  const row = (name: string, { good, notGood, p50, p95 }: OthersFigures, ratio: number | undefined): string[] => [
    name,
    formatCount(good + notGood),
    formatDuration(p50),
    formatDuration(p95),
    ratio === undefined ? '' : timesText(ratio),
    formatCount(notGood),
    formatShare(failedRatio({ good, notGood })),
  ];
  const rows = weighed.slice(0, shown).map(({ size, others }) => row(formatCount(size), others, others.p95Ratio));
  return [
    paint('heading', 'The others beside the bursts'),
    ...columns(
      [
        ['at once', 'requests', 'p50', 'p95', 'of alone', 'errors', 'share'],
        ...(alone ? [row('alone', alone, undefined)] : []),
        ...rows,
      ],
      ['right', 'right', 'right', 'right', 'right', 'right', 'right'],
    ),
    ...more(weighed.length - shown, 'bursts'),
    ...hurtLines(weighed).flatMap((line) => folded(line)),
  ];
};

/** A p95 of so many times that of alone is harm, not noise. */
const harmRatio = 1.5;

/** Of fewer requests p95 is the largest of them: too little for an all-clear. */
const fewestOthers = 20;

/** The answer to what the table is read for. */
const hurtLines = (weighed: readonly { readonly size: number; readonly others: OthersFigures }[]): string[] => {
  const known = weighed.filter(({ others }) => others.p95Ratio !== undefined);
  if (known.length === 0) return [];
  const slower = known.find(({ others }) => others.p95Ratio! >= harmRatio);
  const failing = weighed.find(({ others: { alone, ...during } }) => alone && failedRatio(during) > failedRatio(alone));
  const worst = known.reduce((most, each) => (each.others.p95Ratio! > most.others.p95Ratio! ? each : most));
  const isClear = known.some(({ others: { good, notGood } }) => good + notGood >= fewestOthers);
  if (!slower && !failing && !isClear) {
    return [`whether bursts hurt the others is not known: fewer than ${fewestOthers} of them ended beside each`];
  }
  return [
    slower
      ? `p95 of the others is ${timesText(harmRatio)} that of alone, or more, from ${formatCount(slower.size)} at once on; at the worst ${timesText(worst.others.p95Ratio!)}, at ${formatCount(worst.size)}`
      : `p95 of the others stays below ${timesText(harmRatio)} that of alone; at the most ${timesText(worst.others.p95Ratio!)}, at ${formatCount(worst.size)}`,
    failing
      ? `more of the others go wrong than alone from ${formatCount(failing.size)} at once on`
      : 'no more of the others go wrong than alone',
  ];
};
