// What is shown to whoever watches a run: nothing is made for nobody, and the summary is what nobody may miss.

import { expect, it } from 'vitest';
import { WatchedSeconds } from '../../source/outputs/watched-seconds.ts';
import type { EventBody } from '../../source/session/events.ts';
import { fixtureSummary, numbered } from '../helpers/events.ts';

const closed: EventBody = { type: 'run/closed', reason: 'the planned end', summary: fixtureSummary() };

const shown = (watched: boolean): unknown[] => {
  const lines: unknown[] = [];
  const output = new WatchedSeconds({ watched, show: (line, last) => lines.push([JSON.parse(line).type, last]) });
  for (const event of numbered([[2000, closed]])) output.take(event);
  return lines;
};

it('the summary is shown as what comes last', () => {
  expect(shown(true)).toEqual([['summary', true]]);
});

it('nothing is shown where nobody watches', () => {
  expect(shown(false)).toEqual([]);
});
