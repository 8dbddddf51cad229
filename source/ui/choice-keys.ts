// What the keys for presets, for single panels and for the order of endpoints make of the view. Pure. What else a key does
// is carry-out.ts.

import type { RunState } from '../session/state.ts';
import { type Choice, type Digit, digitOf, type Preset, presetMoved, toggled, toggles } from './choice.ts';
import { sortMoved, sortText, sortTurned } from './endpoint-sort.ts';
import type { PanelName } from './layout.ts';
import { firstLook } from './look.ts';
import { seenOf } from './seen.ts';
import type { View } from './view.ts';
import { inSight, placedPanels } from './wishes.ts';
import { noZoom } from './zoom.ts';
import type { Size } from './zoom-keys.ts';

export type ChoiceIntent = 'preset' | 'panel' | 'sort';

interface Rearranged {
  readonly view: View;
  /** Said in the footer for a moment. */
  readonly said: string;
}

/** What `key` makes of the view, and what the footer says of it. */
export const rearranged = (
  view: View,
  what: ChoiceIntent,
  key: string,
  state: RunState,
  at: number,
  size: Size,
): Rearranged => {
  switch (what) {
    case 'preset': {
      const choice = presetMoved(view.choice, key === 'V' ? -1 : 1);
      return {
        view: withChoice(view, choice, state, size),
        said: `view ${choice.preset}: ${presetWords[choice.preset]}`,
      };
    }
    case 'panel':
      return panelToggled({ ...view, digitAt: at }, key, state, size);
    case 'sort': {
      const sort = key === 'O' ? sortTurned(view.sort) : sortMoved(view.sort);
      return { view: { ...view, sort }, said: `endpoints by ${sortText(sort)}` };
    }
  }
};

const presetWords: Readonly<Record<Preset, string>> = {
  all: 'client and server side by side',
  client: 'throughput, response times, outcomes, endpoints',
  server: 'what the probes see',
  latency: 'response times over time and by endpoint',
  log: 'what happened',
};

const panelToggled = (view: View, key: string, state: RunState, size: Size): Rearranged => {
  const toggle = toggles.find(({ digit }) => digit === key);
  if (toggle === undefined) return { view, said: '' };
  const seen = seenOf(state, firstLook);
  const digitsAt = (choice: Choice): readonly (Digit | undefined)[] =>
    placedPanels(seen, { choice }, size)
      .flatMap(({ name, parts }): readonly PanelName[] => parts ?? [name])
      .map(digitOf);
  const there = digitsAt(view.choice).includes(toggle.digit);
  const choice = toggled(view.choice, toggle.digit, there);
  // Without anything to show, the layout shows a chart that was hidden.
  if (there && digitsAt(choice).every((digit) => digit === undefined || choice.hidden.includes(digit))) {
    return { view, said: `${key} ${toggle.name}: the last panel in sight stays` };
  }
  return {
    view: withChoice(view, choice, state, size),
    said: `${key} ${toggle.name}: ${there ? 'hidden' : 'shown'}; v goes to the next view`,
  };
};

/** The view without the choice of a panel that is not in sight: it was filtered without having a place, or the terminal has become smaller. */
export const settled = (view: View, state: RunState, size: Size): View => {
  const { focus, zoomed } = view.zoom;
  if (focus === undefined || zoomed || inSight(state, view, size).includes(focus)) return view;
  return { ...view, zoom: noZoom };
};

/** With another choice; a panel that is not in sight any more is not chosen, and not zoomed. */
const withChoice = (view: View, choice: Choice, state: RunState, size: Size): View => {
  const next: View = { ...view, choice };
  const { focus } = view.zoom;
  return focus === undefined || inSight(state, next, size).includes(focus) ? next : { ...next, zoom: noZoom };
};

/** How long after a digit a `0` is taken for the rest of a number, ms. */
const slipMs = 1000;

/** Whether a `0` seems to be the end of a number that was typed without `:`; as a key it would take the load away. */
export const isSlip = ({ digitAt }: View, key: string, at: number): boolean =>
  key === '0' && digitAt !== undefined && at - digitAt < slipMs;

export const slipText = '0 right after a digit does nothing: alone it is the rate to zero; :100 sets a number';
