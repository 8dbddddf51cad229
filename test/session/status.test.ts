// What the control socket answers to `status`, beyond what the tests of its parts hold.

import { expect, it } from 'vitest';
import { statusOf } from '../../source/session/status.ts';
import { fixtureState } from '../helpers/run-state.ts';

it('the status tells how far the clean-up is, and of none where none was', () => {
  const cleanUp = { gone: 25, total: 1200 };
  expect(statusOf(fixtureState({ phase: 'draining', cleanUp }))).toMatchObject({ phase: 'draining', cleanUp });
  expect(statusOf(fixtureState())).toMatchObject({ cleanUp: null });
});
