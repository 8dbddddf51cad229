// In which band the run and each of its figures were, as the printed summary tells it.

import { safeText } from '../common/safe-text.ts';
import { bandValue } from '../measure/band.ts';
import type { BandVerdict } from '../measure/bands.ts';
import { columns, folded, type Paint, type Tone } from './text-layout.ts';

/** The section; no lines where the profile has no words for it. */
export const bandLines = (bands: BandVerdict | undefined, paint: Paint): string[] => {
  if (!bands) return [];
  const rows = bands.signals.map(({ figure, value, word, remark }) => [
    figure,
    value === null ? '-' : bandValue(figure, value),
    safeText(word ?? 'not judged', 30),
    remark ?? '',
  ]);
  const whole = bands.word === null ? 'not judged: not enough data' : safeText(bands.word, 120);
  return [
    paint('heading', 'Bands'),
    ...folded(`${safeText(bands.name, 30)}: ${whole}`).map((line) => paint(toneOf(bands), line)),
    ...columns(rows, ['left', 'right', 'left', 'left']),
  ];
};

const toneOf = ({ depth }: BandVerdict): Tone => {
  if (depth === null) return 'warn';
  return depth === 1 ? 'bad' : depth < 0.5 ? 'good' : 'warn';
};
