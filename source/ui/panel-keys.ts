// The rows of the key table that choose, zoom, scroll, filter, show and sort panels. What they make of the view is zoom-keys.ts
// and choice-keys.ts.

import { digits } from './choice.ts';
import type { KeyBinding } from './key-binding.ts';
import type { View } from './view.ts';
import { whyNoFilter, whyNoScroll } from './zoom.ts';

/** Pages scroll the help and lists; where there is none they go through a frozen view. */
const whyNoPages = ({ mode, zoom, look }: View): string | undefined => {
  if (mode === 'help' || look.frozen !== undefined) return undefined;
  return whyNoScroll(zoom);
};

export const panelKeys: readonly KeyBinding[] = [
  {
    keys: ['tab', 'shift+tab'],
    shown: 'Tab',
    label: 'next panel; Shift+Tab: back',
    group: 'screen',
    where: 'screen',
    intent: { type: 'focus' },
    footer: (_, { zoom: { zoomed } }) => (zoomed ? undefined : 'Tab panel'),
    givesWay: 4,
  },
  {
    keys: ['return'],
    shown: 'Enter',
    label: 'zoom the panel, and back',
    group: 'screen',
    where: 'screen',
    intent: { type: 'zoom' },
    footer: (_, { zoom: { focus, zoomed } }) => (focus === undefined || zoomed ? undefined : 'Enter zoom'),
    givesWay: 1,
    disabled: (_, { zoom: { focus } }) =>
      focus === undefined ? 'no panel is chosen: Tab goes from one to the next' : undefined,
  },
  {
    keys: ['escape'],
    shown: 'Esc',
    label: 'back: closes what is open',
    group: 'screen',
    where: 'anywhere',
    intent: { type: 'back' },
    footer: (_, { zoom: { focus, zoomed }, look }) => {
      if (look.frozen !== undefined && !zoomed) return 'Esc live';
      return zoomed || focus !== undefined ? 'Esc back' : undefined;
    },
  },
  {
    keys: ['pageup', 'pagedown'],
    shown: 'PgUp PgDn',
    label: 'scroll; frozen: by a window',
    group: 'screen',
    where: 'screen',
    intent: { type: 'scroll' },
    footer: (_, view) => {
      if (whyNoScroll(view.zoom) === undefined) return 'PgDn scroll';
      return view.look.frozen === undefined ? undefined : 'PgUp window';
    },
    givesWay: 3,
    disabled: (_, view) => whyNoPages(view),
  },
  {
    keys: ['home', 'end'],
    shown: 'Home End',
    label: 'first, last; frozen: 0:00, now',
    group: 'screen',
    where: 'screen',
    intent: { type: 'scroll' },
    disabled: (_, view) => whyNoPages(view),
  },
  {
    keys: ['/'],
    shown: '/',
    label: 'filter rows, by default metrics',
    group: 'screen',
    where: 'screen',
    intent: { type: 'filter' },
    footer: (state, { zoom }) => (zoom.zoomed && whyNoFilter(state, zoom) !== undefined ? undefined : '/ filter'),
    givesWay: 6,
    disabled: (state, { zoom }) => whyNoFilter(state, zoom),
  },
  {
    keys: ['v', 'V'],
    shown: 'v V',
    label: 'next view, the one before',
    group: 'screen',
    where: 'screen',
    intent: { type: 'preset' },
    footer: (_, { choice: { preset }, zoom: { zoomed } }) =>
      zoomed ? undefined : preset === 'all' ? 'v view' : `v view ${preset}`,
    givesWay: 8,
  },
  {
    keys: digits,
    shown: '1-9',
    label: 'show, hide a panel (0: rate!)',
    group: 'screen',
    where: 'screen',
    intent: { type: 'panel' },
    footer: (_, { zoom: { zoomed } }) => (zoomed ? undefined : '1-9 panels'),
    givesWay: 9,
  },
  {
    keys: ['o', 'O'],
    shown: 'o O',
    label: 'sort endpoints; turn it round',
    group: 'screen',
    where: 'screen',
    intent: { type: 'sort' },
    footer: (_, { zoom: { focus } }) => (focus === 'endpoints' ? 'o sort' : undefined),
    givesWay: 2,
    disabled: ({ endpoints }) => (endpoints.length > 1 ? undefined : 'there is one endpoint only, or none yet'),
  },
];
