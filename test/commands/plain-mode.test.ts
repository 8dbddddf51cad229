import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PlainMode } from '../../source/commands/plain-mode.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import type { Reply } from '../../source/session/commands.ts';
import { Session } from '../../source/session/session.ts';
import { fixtureRunInfo } from '../helpers/events.ts';
import { FakeEngine } from '../helpers/fake-engine.ts';

const begin = () => {
  const { startedAtWall: _, timeZone: __, probes: ___, ...run } = fixtureRunInfo({ durationMs: 60_000 });
  let text = '';
  const plain = new PlainMode((more) => {
    text += more;
  });
  const session = new Session({
    run,
    segments: constantSegments(100, 60_000),
    engine: new FakeEngine(),
    probes: [],
    output: (event) => plain.output.take(event),
    graceMs: 1000,
    publishMs: 250,
  });
  const stdin = new PassThrough();
  const end = plain.begin(session, stdin as unknown as NodeJS.ReadStream);
  session.start();
  onTestFinished(async () => {
    end();
    session.dispatch({ type: 'run/abort' }, 'key');
    await session.ended;
  });
  return {
    plain,
    session,
    stdin,
    lines: () => text.split('\n').slice(0, -1),
    /** What is said from here on. */
    typed: (line: string): string[] => {
      const before = text.length;
      plain.take(line, session);
      return text.slice(before).split('\n').slice(0, -1);
    },
  };
};

describe('a typed line', () => {
  it('changes the load, and is confirmed once', () => {
    const { typed, session } = begin();
    expect(typed('rate 200')).toEqual(['Rate was 100, now 200 per second by command line.']);
    expect(typed(' :Rate 0.3k ')).toEqual(['Rate was 200, now 300 per second by command line.']);
    expect(session.store.newest.plan.wanted).toBe(300);
    expect(typed('mark half')).toEqual(['Marker half.']);
  });

  it('that cannot be carried out says why', () => {
    const { typed } = begin();
    expect(typed('resume')).toEqual([expect.stringMatching(/^Refused: .*not paused/)]);
    expect(typed('rate fast')).toEqual([expect.stringMatching(/^Not done: expected a rate such as/)]);
    expect(typed('fly')).toEqual([expect.stringContaining("Not done: no command 'fly'")]);
  });

  it('that is empty, or status, tells how the run is; help what can be typed', () => {
    const { typed } = begin();
    expect(typed('')).toEqual([expect.stringContaining('Wanted 100')]);
    expect(typed('status')).toEqual([expect.stringContaining('Wanted 100')]);
    expect(typed('help')).toEqual(expect.arrayContaining(['rate RATE: set rate; RATE alone too.']));
  });

  it('that is asked back asks in words, and is answered by yes or no', () => {
    const { plain, typed, session } = begin();
    expect(typed('yes')).toEqual(['Nothing was asked.']);
    const dispatched: unknown[] = [];
    const question = {
      command: { type: 'rate/set', rate: 4000 },
      text: 'that is 40 times as much: go there?',
    } as const;
    const asks = {
      store: {
        get newest() {
          return { ...session.store.newest, question: dispatched.length > 0 ? question : undefined };
        },
      },
      dispatch: (command: unknown): Reply => {
        dispatched.push(command);
        return { type: 'asked', text: question.text };
      },
    };
    const before = plain.output.count;
    plain.take('rate 4k', asks);
    expect(plain.output.count).toBe(before + 1);
    plain.take('no', asks);
    expect(dispatched.at(-1)).toEqual({ type: 'question/answer', yes: false });
  });

  it('comes from the input, whose end ends nothing', async () => {
    const { stdin, lines, session } = begin();
    stdin.end('rate 200\nquit-not\n');
    await expect.poll(() => lines().at(-1)).toContain('Not done');
    expect(session.store.newest.phase).toBe('running');
  });

  it('quit ends the run as planned', () => {
    const { typed, session } = begin();
    expect(typed('quit')).toEqual([expect.stringContaining('Ending: stopped by command line')]);
    expect(session.store.newest.phase).toBe('draining');
  });
});
