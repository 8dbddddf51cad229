// What a run does at its target once the load has ended: what is told of it, what is kept, and what a hurried end cuts short.

import { describe, expect, it } from 'vitest';
import { Aftermath, type Afterwards } from '../../source/session/aftermath.ts';
import type { EventBody } from '../../source/session/events.ts';
import { ResourceLedger } from '../../source/session/resource-ledger.ts';

const ledgerOf = (made: readonly string[]): ResourceLedger => {
  const ledger = new ResourceLedger();
  ledger.take({ made, removed: [], madeCount: made.length, goneCount: 0, unansweredCount: 0 });
  return ledger;
};

const run = async (
  made: readonly string[],
  ways: Partial<Afterwards>,
  { skip = new AbortController().signal, isRecorded = true } = {},
) => {
  const events: EventBody[] = [];
  const raised: string[] = [];
  const hints: string[] = [];
  const told = {
    write: (event: EventBody) => events.push(event) > 0,
    note: (text: string) => notes.push(text) > 0,
    raise: (source: string, text: string, hint?: string) => {
      raised.push(`${source}: ${text}`);
      if (hint !== undefined) hints.push(hint);
      return true;
    },
  };
  const notes: string[] = [];
  const ledger = ledgerOf(made);
  const cleanUp: Afterwards['cleanUp'] = async (resources, listener) => {
    for (const resource of resources) listener.gone(resource);
    return undefined;
  };
  await new Aftermath(ledger, told, { cleanUp, tearDown: undefined, ...ways }, isRecorded).run(skip);
  return { events, raised, hints, notes, ledger };
};

describe('after the load', () => {
  it('what was made is removed, counted, and kept as removed', async () => {
    const { events, raised, ledger } = await run(['DELETE /1', 'DELETE /2'], {});
    expect(events).toEqual([
      { type: 'cleanup/moved', total: 2, gone: 0, failed: 0, over: false },
      { type: 'resources/changed', made: [], removed: ['DELETE /1', 'DELETE /2'] },
      { type: 'cleanup/moved', total: 2, gone: 2, failed: 0, over: true },
    ]);
    expect([raised, ledger.left]).toEqual([[], 0]);
  });

  it('what is left is said, with an example and why', async () => {
    const { events, raised } = await run(['DELETE /1', 'DELETE /2'], {
      cleanUp: async (_, listener) => {
        listener.gone('DELETE /1');
        listener.left('DELETE /2', '500 Oh');
        return undefined;
      },
    });
    expect(events.at(-1)).toEqual({ type: 'cleanup/moved', total: 2, gone: 1, failed: 1, over: true });
    expect(raised).toEqual(['clean-up: 1 of what the run made is left, such as DELETE /2: 500 Oh']);
  });

  it.each([
    [true, 'loadtop cleanup RECORDING removes what is left'],
    [false, 'without a recording loadtop cleanup cannot know of it'],
  ])('what removes what is left is said where there is a recording: %s', async (isRecorded, hint) => {
    const { hints } = await run(['DELETE /1'], { cleanUp: async () => 'it was skipped' }, { isRecorded });
    expect(hints).toEqual([hint]);
  });

  it('a clean-up that breaks is said, and the tear-down comes all the same', async () => {
    const { raised } = await run(['DELETE /1'], {
      cleanUp: async () => {
        throw new Error('no such file');
      },
      tearDown: async () => 'POST /reset: no answer',
    });
    expect(raised).toEqual([
      'clean-up: 1 of what the run made is left, such as DELETE /1: no such file',
      'tear-down: POST /reset: no answer',
    ]);
  });

  it('the tear-down comes last, and what goes wrong in it is said', async () => {
    const order: string[] = [];
    const { raised } = await run(['DELETE /1'], {
      cleanUp: async (_, listener) => {
        order.push('clean-up');
        listener.gone('DELETE /1');
        return undefined;
      },
      tearDown: async () => {
        order.push('tear-down');
        return 'POST /reset: expected status 200, found 503';
      },
    });
    expect(order).toEqual(['clean-up', 'tear-down']);
    expect(raised).toEqual(['tear-down: POST /reset: expected status 200, found 503']);
  });

  it('an end at once skips both, and says so', async () => {
    const skip = AbortSignal.abort();
    const { raised } = await run(
      ['DELETE /1'],
      { cleanUp: async () => 'it was skipped', tearDown: async () => undefined },
      { skip },
    );
    expect(raised).toEqual([
      'clean-up: 1 of what the run made is left, such as DELETE /1: it was skipped',
      'tear-down: skipped, as was asked for',
    ]);
  });

  it('a tear-down that hangs is not waited for once the run is ended at once', async () => {
    const skip = new AbortController();
    const hanging = run([], { tearDown: () => new Promise(() => {}) }, { skip: skip.signal });
    skip.abort();
    expect((await hanging).raised).toEqual(['tear-down: cut short, as was asked for']);
  });

  it('a tear-down that takes long is told of', async () => {
    const slow = (ms: number) => () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), ms));
    expect((await run([], { tearDown: slow(1100) })).notes).toEqual(['the tear-down is under way']);
    expect((await run([], { tearDown: slow(1) })).notes).toEqual([]);
  });

  it('nothing is told of a run that made nothing', async () => {
    expect((await run([], {})).events).toEqual([]);
  });
});
