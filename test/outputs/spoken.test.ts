import { describe, expect, it } from 'vitest';
import { ProbeRemarks } from '../../source/outputs/probe-remarks.ts';
import { Spoken } from '../../source/outputs/spoken.ts';
import { statusSentence } from '../../source/outputs/status-sentence.ts';
import { summarySentences } from '../../source/outputs/summary-sentences.ts';
import type { RunEvent } from '../../source/session/events.ts';
import { beginning, reduce } from '../../source/session/reduce.ts';
import type { RunState } from '../../source/session/state.ts';
import { fixtureRun, fixtureSecond, fixtureSecondClosed, fixtureSummary, numbered } from '../helpers/events.ts';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

/** What is said of events, each folded into the state before it is told. @param patch what only later sessions know */
const said = (events: readonly RunEvent[], patch: (state: RunState) => RunState = (state) => state): string[] => {
  let folded = beginning({ tables: () => [] });
  let text = '';
  const spoken = new Spoken((more) => {
    text += more;
  });
  spoken.follow(() => patch(folded.state));
  for (const event of events) {
    folded = reduce(folded, event);
    spoken.take(event);
  }
  return text.split('\n').slice(0, -1);
};

describe('what is said', () => {
  it('is how it begins, each line of the log as it happens, and how it ends', () => {
    expect(said(fixtureRun())).toEqual([
      'The load has begun: events, to http://127.0.0.1:3000, open model, at first 500 per second, for 5 seconds.',
      'Type help and Enter to hear what can be typed; Enter alone tells how the run is; Control C ends it.',
      'Marker cache warm.',
      'Refused: the run is not paused.',
      'Rate was 500, now 1,000 per second by key.',
      'Trouble: the generator, not the target, is the limit: pacing delay 99th percentile 84 milliseconds.',
      'Warning: health was ok, now degraded (buffer size 94.0 percent).',
      'Warning: metrics cannot be read: connection refused.',
      'Warning: metrics: connection refused (set --metrics URL).',
      'The generator can be trusted again, after 1 second.',
      'Ending: planned end; waiting for what is in flight.',
      expect.stringMatching(/^Ended: planned end; [\d,]+ requests completed\.$/),
    ]);
  });

  it('is how the run is, every ten seconds', () => {
    const [opened] = fixtureRun();
    const seconds = Array.from({ length: 20 }, (_, second) => fixtureSecondClosed({ ...fixtureSecond(0), second }));
    const lines = said([
      opened!,
      ...numbered(seconds.map((body, index) => [(index + 1) * 1000, body])).map((event) => ({
        ...event,
        sequence: event.sequence + 1,
      })),
    ]);
    expect(lines.filter((line) => line.startsWith('Running after'))).toHaveLength(2);
  });

  it('is a question, once, and what came of a change, once', () => {
    const asked = said(fixtureRun(), (state) => ({
      ...state,
      question: {
        command: { type: 'rate/scale', factor: 8 },
        text: 'from 500/s to 4,000/s is 8 times as much: go there?',
      },
      log: state.log
        .map((line) =>
          line.text.startsWith('‖')
            ? { ...line, text: 'asked by key: from 500/s to 4,000/s is 8 times as much: go there?' }
            : line,
        )
        .map((line) =>
          line.text.startsWith('rate') && state.now > 4200
            ? { ...line, effect: 'good 500 → 980   p99 10 → 11 ms' }
            : line,
        ),
    }));
    expect(asked.filter((line) => line.startsWith('Question'))).toEqual([
      'Question: From 500 per second to 4,000 per second is 8 times as much: go there? Type yes or no.',
    ]);
    expect(asked.filter((line) => line.includes('8 times'))).toHaveLength(1);
    expect(asked.filter((line) => line.startsWith('What came'))).toEqual([
      'What came of it: rate was 500, now 1,000 per second by key: good was 500, now 980; 99th percentile was 10, now 11 milliseconds.',
    ]);
  });
});

describe('the status', () => {
  it('says what is wanted, what comes of it, and whether it can be trusted', () => {
    expect(statusSentence(fixtureStates.healthy)).toMatch(
      /^Running after 4 minutes 12 seconds, 55 minutes 48 seconds left\. Wanted 7,800, applied 7,800, achieved [\d,]+, good [\d,]+ per second\. Response time of good requests over the last 5 seconds: median [\d.]+, 95 percent within [\d.]+, 99 percent within [\d.]+ milliseconds\. [\d,]+ of 1,000 in flight, nothing waits\. Health is ok\. The generator can be trusted\.$/,
    );
  });

  it.each(Object.entries(fixtureStates))('is one line of words when %s', (_, state) => {
    const text = statusSentence(state);
    expect(text).not.toMatch(/[^\x20-\x7e\p{L}\p{M}\p{N}]|NaN|undefined|n\/a|\d\/s/u);
    expect(text).toMatch(/^[A-Z].*\.$/);
  });

  it('names what is wrong', () => {
    expect(statusSentence(fixtureStates.overload)).toMatch(/Not good [\d,]+ per second: 429 [\d,]+ per second/);
    expect(statusSentence(fixtureStates['generator bad'])).toContain('not to be trusted');
    expect(statusSentence(fixtureStates['closed model'])).toMatch(/Wanted [\d,]+ users, active [\d,]+\./);
    expect(statusSentence(fixtureStates.paused)).toContain('Paused after');
  });

  it('tells how far the clean-up is', () => {
    const state = fixtureState({ phase: 'draining', cleanUp: { gone: 25, total: 1200 } });
    expect(statusSentence(state)).toMatch(/^Ending after [^.]*\. Cleaned up 25 of 1,200 that the run made\. Wanted/);
  });
});

it('the summary is sentences, and the path of the recording as it is', () => {
  const text = summarySentences(fixtureSummary({ recording: '/tmp/9s/a b.jsonl' }), new ProbeRemarks());
  const lines = text.trimEnd().split('\n');
  expect(lines.at(-1)).toBe('/tmp/9s/a b.jsonl');
  for (const line of lines.slice(0, -2)) expect(line).toMatch(/^[A-Z\d].*\.$/);
  expect(text).toMatch(/Response time of good requests: median [\d.]+ milliseconds, 95 percent within/);
  expect(text).toMatch(/Generator: .*kept up|Generator: .*limit/);
  expect(text).not.toMatch(/[^\n\x20-\x7e]/);
});
