// In which band the run is, as one line of the objectives' panel: `band  good · p95 44 ms, errors 0 %`. Pure.

import { safeText } from '../../common/safe-text.ts';
import { formatLength } from '../../common/units.ts';
import { bandValue, bandWindowMs } from '../../measure/band.ts';
import type { BandSignal, BandVerdict } from '../../measure/bands.ts';
import { dim, firstThatFits, run } from '../parts/runs.ts';
import type { Seen } from '../seen.ts';
import type { Line, Role } from '../theme.ts';

/** Undefined where the profile has no words for how it does. */
export const bandLine = (
  state: Seen,
  { width, ascii }: { readonly width: number; readonly ascii: boolean },
): Line | undefined => {
  if (!state.run?.bands) return undefined;
  const { bands } = state;
  if (bands?.word == null) return [run('   band  '), dim('not enough data')];
  const word = run(safeText(bands.word, 60), roleOf(bands));
  const said = (signals: readonly BandSignal[]): Line => [
    run('   band  '),
    word,
    ...(signals.length === 0 ? [] : [run(` ${ascii ? '-' : '·'} ${signals.map(figureText).join(', ')}`)]),
  ];
  const judged = bands.signals.filter((signal) => signal.word !== null);
  const deciding = judged.filter((signal) => bands.word?.split(', ').includes(signal.word ?? ''));
  const span = state.whole ? [] : [dim(`  over ${formatLength(bandWindowMs)}`)];
  // Of what there is none, little is said.
  const telling = judged.filter((one) => one.value !== 0 || one.figure === 'errors' || deciding.includes(one));
  const choices = [judged, telling, deciding, deciding.slice(0, 2), deciding.slice(0, 1), []];
  return firstThatFits([[...said(judged), ...span], ...choices.map(said)], width - 1);
};

const figureText = ({ figure, value }: BandSignal): string => `${figure} ${bandValue(figure, value ?? Number.NaN)}`;

const roleOf = ({ depth }: BandVerdict): Role => {
  if (depth === 1) return 'alarm';
  return depth !== null && depth >= 0.5 ? 'warn' : 'good';
};
