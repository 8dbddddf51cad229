import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inWords, sentence, spanWords } from '../../source/outputs/in-words.ts';

describe('words', () => {
  it.each([
    ['rate 500/s → 1,000/s by key', 'rate was 500, now 1,000 per second by key'],
    ['rate 0.5/s → 1,000/s over 30 s by key', 'rate was 0.5, now 1,000 per second over 30 seconds by key'],
    ['users 100 → 200 over 10 s by command line', 'users was 100, now 200 over 10 seconds by command line'],
    ['timeout 10 s → 250 ms by command line', 'timeout was 10 seconds, now 250 milliseconds by command line'],
    ['spawn rate all at once → 10/s by key', 'spawn rate was all at once, now 10 per second by key'],
    [
      'max in flight 1,000 → 2,000, connections 10 → 20 by key',
      'max in flight was 1,000, now 2,000, connections was 10, now 20 by key',
    ],
    ['health ok → degraded (buffer 90.3 %)', 'health was ok, now degraded (buffer 90.3 percent)'],
    [
      'good 8.1k → 8.2k   p99 398 → 431 ms   errors 0.1 % → 2.0 %',
      'good was 8.1 thousand, now 8.2 thousand; 99th percentile was 398, now 431 milliseconds; errors was 0.1, now 2.0 percent',
    ],
    ['p99<300ms over 30s', '99th percentile below 300 milliseconds over 30 seconds'],
    ['p99.9 84.2 ms', '99.9th percentile 84.2 milliseconds'],
    ['up 1h 30m, 1 s, 1m 5s', 'up 1 hour 30 minutes, 1 second, 1 minute 5 seconds'],
    [
      'heap 312 of 512 MiB, 18.7 Mbit/s, 12 KiB/s',
      'heap 312 of 512 mebibytes, 18.7 megabits per second, 12 kibibytes per second',
    ],
    ['‖ marker cache warm', 'marker cache warm'],
    ['▲ 1.5M × 2 ± 50', '1.5 million times 2 plus or minus 50'],
    ['worker 3 died: 429 Too Many Requests', 'worker 3 died: 429 Too Many Requests'],
    ['ended at 4:05 by 2 users', 'ended at 4:05 by 2 users'],
    ['see http://10.0.0.1:3000/s/5s → /tmp/9s', 'see http://10.0.0.1:3000/s/5s to /tmp/9s'],
    ['größe café “a” 🚀 done…', 'größe café "a" done'],
  ])('for "%s"', (text, words) => {
    expect(inWords(text)).toBe(words);
  });

  it('have no symbol and nothing that steers a terminal, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(sentence(text)).not.toMatch(/[^\x20-\x7e\p{L}\p{M}\p{N}]/u);
      }),
    );
  });

  it('make a sentence with a capital letter and one full stop', () => {
    expect(sentence('paused by key')).toBe('Paused by key.');
    expect(sentence('Go there?')).toBe('Go there?');
  });

  it.each([
    [0, '0 seconds'],
    [1000, '1 second'],
    [1940, '1.9 seconds'],
    [9990, '10 seconds'],
    [59_990, '1 minute'],
    [80_400, '1 minute 20 seconds'],
    [3_600_000, '1 hour'],
    [90_061_000, '1 day 1 hour'],
  ])('of a span of %d ms are %s', (ms, words) => {
    expect(spanWords(ms)).toBe(words);
  });
});
