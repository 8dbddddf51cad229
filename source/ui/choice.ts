// Which panels are to be seen: a preset, and what was shown or hidden by digit on top of it. Pure: a part of the view,
// changed by choice-keys.ts; where the panels then stand is layout.ts.

import type { PanelName } from './layout.ts';

/** In the order in which `v` goes through them. */
export const presets = ['all', 'client', 'server', 'latency', 'log'] as const;
export type Preset = (typeof presets)[number];

export const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
export type Digit = (typeof digits)[number];

export interface Choice {
  readonly preset: Preset;
  /** Shown by hand; the newest last. */
  readonly shown: readonly Digit[];
  readonly hidden: readonly Digit[];
}

export const firstChoice: Choice = { preset: 'all', shown: [], hidden: [] };

interface Toggle {
  readonly digit: Digit;
  /** What the key shows and hides, in words. */
  readonly name: string;
  readonly panels: readonly PanelName[];
}

/** The numbers of the panels, which never change: what is learnt at one size holds at every other one. */
export const toggles: readonly Toggle[] = [
  { digit: '1', name: 'throughput', panels: ['load'] },
  { digit: '2', name: 'response time', panels: ['latency'] },
  { digit: '3', name: 'heat map', panels: ['heatmap'] },
  { digit: '4', name: 'outcomes', panels: ['errors'] },
  { digit: '5', name: 'endpoints', panels: ['endpoints'] },
  { digit: '6', name: 'objectives, bursts, counts', panels: ['objectives', 'bursts', 'counted'] },
  { digit: '7', name: 'target', panels: ['health', 'metrics', 'mongodb', 'target host', 'target process'] },
  { digit: '8', name: 'machine and generator', panels: ['host', 'generator'] },
  { digit: '9', name: 'log', panels: ['log'] },
];

const digitsOf = new Map<PanelName, Digit>(toggles.flatMap(({ digit, panels }) => panels.map((name) => [name, digit])));

/** The key that shows and hides a panel; none for header and footer, and for the block that has several panels in it. */
export const digitOf = (name: PanelName): Digit | undefined => digitsOf.get(name);

const members: Readonly<Record<Preset, readonly Digit[]>> = {
  all: ['1', '2', '4', '5', '6', '7', '8', '9'],
  client: ['1', '2', '3', '4', '5', '6'],
  server: ['1', '7', '8', '9'],
  latency: ['2', '3', '5', '6'],
  log: ['1', '9'],
};

/** Whether a panel is to be seen. @param there whether it has a place of its own accord, where the preset has it */
export const isWanted = ({ preset, shown, hidden }: Choice, digit: Digit, there = true): boolean =>
  !hidden.includes(digit) && (shown.includes(digit) || (there && members[preset].includes(digit)));

/** The preset after this one (`by` 1) or before it (-1), round and round, as it is by itself. */
export const presetMoved = ({ preset }: Choice, by: 1 | -1): Choice => ({
  ...firstChoice,
  preset: presets[(presets.indexOf(preset) + by + presets.length) % presets.length]!,
});

/** The choice with a panel hidden where it was seen, and shown where it was not. */
export const toggled = (choice: Choice, digit: Digit, seen: boolean): Choice => {
  const others = (list: readonly Digit[]): readonly Digit[] => list.filter((one) => one !== digit);
  const { shown, hidden } = choice;
  return seen
    ? { ...choice, shown: others(shown), hidden: [...others(hidden), digit] }
    : { ...choice, shown: [...others(shown), digit], hidden: others(hidden) };
};
