// The bands that come with the program, as their teams use them.

import { type Band, type BandSet, readBandCondition } from './band.ts';

const band = (word: string, conditions: string, words?: Band['words']): Band => ({
  word,
  conditions: conditions === '' ? [] : conditions.split(', ').map(readBandCondition),
  ...(words && { words }),
});

export const bandPresets = {
  events: {
    name: 'events',
    bands: [
      band('good', 'p95<500ms, p99<1s, errors<5%, timeouts<=0%'),
      band('warning', 'p95<=1s, errors<=10%'),
      band('critical', 'timeouts>1%, 503>1%, refused>0%'),
    ],
  },
  gateway: {
    name: 'gateway',
    bands: [
      band('good', 'requests>100/s, mean<200ms, errors<1%'),
      band('acceptable', 'requests>50/s, mean<500ms, errors<5%'),
      band('below acceptable', ''),
      band('poor', 'requests<50/s, mean>1s, errors>10%'),
    ],
  },
  agents: {
    name: 'agents',
    ratesWhereOffered: true,
    bands: [
      band('excellent', 'p95<100ms, errors<0.1%, requests>1000/s'),
      band('good', 'p95<=500ms, errors<=1%, requests>=500/s'),
      band('acceptable', 'p95<=1s, errors<=5%, requests>=100/s'),
      band('needs work', '', {
        p95: 'needs optimization',
        errors: 'needs investigation',
        requests: 'needs scaling',
      }),
    ],
  },
} as const satisfies Readonly<Record<string, BandSet>>;

export type BandPreset = keyof typeof bandPresets;
export const bandPresetNames = ['events', 'gateway', 'agents'] as const satisfies readonly BandPreset[];
