// Makes the label of a panel's row out of a metric's name. Panels cut what is still too long; this keeps the words that
// tell rows apart, which stand at the end.

import { safeText } from '../common/safe-text.ts';

/** Characters of a label that fit a panel's column. */
export const labelLimit = 18;

/** The last words of a name that fit in 18 characters, behind a sign that some are missing; a single longer word is cut. Control characters are removed. */
export const shortName = (name: string, limit = labelLimit): string => {
  const clean = safeText(name, 200);
  if (clean.length <= limit) return clean;
  const starts = [...clean.matchAll(/[_.\-:/ ]+(?=[^_.\-:/ ])/g)].map((match) => match.index + match[0].length);
  const start = starts.find((at) => clean.length - at < limit) ?? starts.at(-1) ?? 0;
  return `${start > 0 ? '…' : ''}${safeText(clean.slice(start), start > 0 ? limit - 1 : limit)}`;
};
