// What the verdict on ourselves rests on, as lines: loop, pacing, descriptors, each worker. Pure.

import { formatCount, formatMs, formatShort } from '../../common/units.ts';
import type { GeneratorState } from '../../session/state.ts';
import { sparkline } from '../charts/sparkline.ts';
import { columnValues } from '../column-values.ts';
import { cutWords, quantity, spreadLine } from '../format.ts';
import { sparkWindow } from '../parts/cell-window.ts';
import { type ProbeTable, probesOf, type Reading } from '../parts/probe-values.ts';
import { readingText } from '../parts/reading-row.ts';
import { dim, firstThatFits, run, wrapped } from '../parts/runs.ts';
import type { Seen } from '../seen.ts';
import type { Line, Role } from '../theme.ts';

const verdicts: Readonly<Record<GeneratorState['level'], { readonly words: string; readonly role: Role }>> = {
  good: { words: 'can be trusted', role: 'good' },
  warn: { words: 'near its limit', role: 'warn' },
  bad: { words: 'NOT to be trusted', role: 'alarm' },
  unknown: { words: 'verdict not known', role: 'dim' },
};

/** The verdict in words, with its meaning. */
export const verdictOf = (generator: GeneratorState): { readonly words: string; readonly role: Role } =>
  isUnmeasured(generator) ? { words: 'nothing measured yet', role: 'dim' } : verdicts[generator.level];

/** Nothing has run yet that could be trusted. */
const isUnmeasured = ({ level, loopUtilisation, pacingP99Ms }: GeneratorState): boolean =>
  level === 'good' && !Number.isFinite(loopUtilisation) && !Number.isFinite(pacingP99Ms);

/** What the verdict rests on, in one line, longest first: `loop 41 %   pacing p99 0.6 ms   fd 1,031 of 65,536`. */
export const generatorFacts = (state: Seen, gap = '   '): readonly string[] => {
  const { loopUtilisation, pacingP99Ms } = state.generator;
  const loop = `loop ${Number.isFinite(loopUtilisation) ? `${Math.round(loopUtilisation * 100)} %` : 'n/a'}`;
  const pacing = Number.isFinite(pacingP99Ms) ? `pacing p99 ${formatMs(pacingP99Ms)} ms` : 'pacing n/a';
  const own = descriptorsOf(state);
  if (own === undefined) return [[loop, pacing].join(gap)];
  const short = own.limit === undefined ? [] : [`fd ${formatCount(own.value)} of ${formatShort(own.limit)}`];
  const descriptors = [`fd ${readingText(own)}`, ...short, `fd ${formatCount(own.value)}`];
  return [...descriptors.map((fd) => [loop, pacing, fd]), [loop, pacing]].map((facts) => facts.join(gap));
};

/** This process's open descriptors of their limit, as its own probe reads them. */
const descriptorsOf = (state: Seen): Reading | undefined => {
  const own = probesOf(state, 'process').find(({ status }) => status === 'ok');
  return own?.values.find((value): value is Reading => value.type === 'value' && value.metric === 'descriptors');
};

const descriptors = (state: Seen): string | undefined => {
  const found = descriptorsOf(state);
  return found === undefined ? undefined : readingText(found);
};

/** Rows that the panel needs at least, and could fill, its title included. */
export const generatorRows = (state: Seen): { readonly least: number; readonly most: number } => {
  // About as many as reasons need in a narrow panel.
  const reasons = state.generator.reasons.reduce((sum, { length }) => sum + (length > narrowReason ? 2 : 1), 0);
  return { least: 2 + reasons, most: 3 + reasons + (descriptors(state) === undefined ? 0 : 1) };
};

const narrowReason = 42;

interface Place {
  readonly width: number;
  readonly ascii: boolean;
}

/** Why the verdict is what it is: whole where `height` rows do for it, else each in one row. */
const reasonLines = (generator: GeneratorState, height: number, { width, ascii }: Place): Line[] => {
  const { role } = verdictOf(generator);
  const sign = generator.level === 'bad' ? ' ▲ ' : ' △ ';
  const room = width - sign.length;
  const whole = generator.reasons.flatMap((reason) =>
    wrapped(reason, room, 2).map((text, index) => `${index === 0 ? sign : ' '.repeat(sign.length)}${text}`),
  );
  const short = generator.reasons.map((reason) => `${sign}${cutWords(reason, room, ascii)}`);
  return (whole.length <= height ? whole : short).map((text) => [run(text, role)]);
};

/** The lines of the panel, as long or as short as `height` wants them. */
export const generatorLines = (state: Seen, height: number, { width, ascii }: Place): Line[] => {
  const { generator } = state;
  const reasons = reasonLines(generator, height - 1, { width, ascii });
  if (height < reasons.length + 2) {
    const facts = generatorFacts(state).map((text): Line => [run(text)]);
    return [[run(' '), ...firstThatFits(facts, width - 1)], ...reasons];
  }
  const spark = width < 36 ? 8 : Math.min(30, Math.round((width - 1) * 0.31));
  const row = (label: string, unit: string, number: string, name: 'loopUtilisation' | 'pacingP99Ms'): Line => {
    const values = sparkWindow(state, spark, (from, to) => columnValues(state.history, name, from, to));
    const limit = name === 'loopUtilisation' ? 1 : undefined;
    const left = spreadLine([run(label), dim(unit)], [run(number)], width - spark - 2, ascii);
    return [run(' '), ...left, run(' '), dim(sparkline({ values, width: spark, limit, ascii }))];
  };
  const fd = descriptors(state);
  return [
    ...reasons,
    row('loop, busiest worker', '', quantity(generator.loopUtilisation, 'ratio'), 'loopUtilisation'),
    row('pacing delay p99', '  ms', formatMs(generator.pacingP99Ms), 'pacingP99Ms'),
    ...(fd === undefined ? [] : [[dim(` fd ${fd}`)]]),
  ];
};

/** From these shares of a loop on it is near its limit, and at it; only where arrivals are paced is that a fault. */
const loopWarnRatio = 0.8;
const loopBadRatio = 0.92;

/** Each worker as a row; undefined before the first second. */
export const workerTable = ({ generator, run: info }: Seen): ProbeTable | undefined => {
  if (generator.workers.length === 0) return undefined;
  const levelOf = (ratio: number) => {
    if (info?.model !== 'open') return {};
    if (ratio > loopBadRatio) return { level: 'bad' as const };
    return ratio > loopWarnRatio ? { level: 'warn' as const } : {};
  };
  return {
    title: 'workers, last second',
    columns: [
      { label: 'worker' },
      { label: 'loop busy', unit: 'ratio', bar: true },
      { label: 'loop late at most', unit: 'ms' },
    ],
    rows: generator.workers.map(({ share, loopUtilisation, loopDelayMs }) => [
      `worker ${share + 1}`,
      Number.isFinite(loopUtilisation) ? { value: loopUtilisation, ...levelOf(loopUtilisation) } : undefined,
      Number.isFinite(loopDelayMs) ? loopDelayMs : undefined,
    ]),
  };
};
