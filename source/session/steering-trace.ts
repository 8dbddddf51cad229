// What steering leaves behind in the state, whatever was steered: a mark for each change of the load, and a question that
// is settled by it.

import { safeText } from '../common/safe-text.ts';
import { changeOfLoad } from './change-text.ts';
import type { RunEvent } from './events.ts';
import type { Marker, RunState } from './state.ts';

/** Marks that are kept: those that people and scripts set, and those of changes. */
const most: Readonly<Record<Marker['kind'], number>> = { mark: 1000, change: 500 };

/** Run time goes on, what was asked may be settled by it, and a change of the load leaves its mark. */
export const withTrace = (state: RunState, event: RunEvent): RunState => {
  const name = changeOfLoad(state, event);
  const at = event.type === 'plan/changed' ? event.from : event.at;
  const markers =
    name === undefined ? state.markers : withMarker(state.markers, { at, kind: 'change', name: safeText(name) });
  const question = endsQuestion(event) ? undefined : state.question;
  return { ...state, now: event.at, markers, question };
};

/**
 * The markers with one more; where there are too many of its kind, the oldest of them goes. A key that is held changes the
 * load thirty times a second, which must not cost what people set.
 */
export const withMarker = (markers: readonly Marker[], marker: Marker): readonly Marker[] => {
  const { kind } = marker;
  const known = markers.reduce((count, each) => count + (each.kind === kind ? 1 : 0), 0);
  const oldest = known < most[kind] ? -1 : markers.findIndex((each) => each.kind === kind);
  return [...markers.filter((_, index) => index !== oldest), marker];
};

/** Whatever else is done to the load answers a question with no. */
const endsQuestion = (event: RunEvent): boolean => {
  switch (event.type) {
    case 'plan/changed':
    case 'limits/changed':
    case 'spawn/changed':
    case 'phase/changed':
    case 'question/left':
    case 'run/closed':
      return true;
    case 'command/refused':
      return event.command.type !== 'marker/set' && event.command.type !== 'report/write';
    default:
      return false;
  }
};
