// What steering leaves behind in the state, whatever was steered: a mark for each change of the load, and a question that
// is settled by it.

import { safeText } from '../common/safe-text.ts';
import { changeOfLoad } from './change-text.ts';
import type { RunEvent } from './events.ts';
import type { Marker, RunState } from './state.ts';

/** Marks of changes that are kept. */
const mostChanges = 500;

/** Run time goes on, what was asked may be settled by it, and a change of the load leaves its mark. */
export const withTrace = (state: RunState, event: RunEvent): RunState => {
  const name = changeOfLoad(state, event);
  const at = event.type === 'plan/changed' ? event.from : event.at;
  const markers =
    name === undefined
      ? state.markers
      : boundedMarkers([...state.markers, { at, kind: 'change', name: safeText(name) }]);
  const question = endsQuestion(event) ? undefined : state.question;
  return { ...state, now: event.at, markers, question };
};

/** A key that is held changes the load thirty times a second: what people set stays, of changes the newest. */
const boundedMarkers = (markers: readonly Marker[]): readonly Marker[] => {
  const changes = markers.filter(({ kind }) => kind === 'change').length;
  if (changes <= mostChanges) return markers;
  const oldest = markers.findIndex(({ kind }) => kind === 'change');
  return markers.toSpliced(oldest, 1);
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
