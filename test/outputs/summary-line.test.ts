import { expect, it } from 'vitest';
import { summaryLine } from '../../source/outputs/summary-line.ts';
import { fixtureSummary } from '../helpers/fixture-summary.ts';

const summary = fixtureSummary();

it('says a run in one line', () => {
  const line = summaryLine({ ...summary, endReason: 'the planned end' }, '50/s');
  expect(line).toMatch(
    /^50\/s {2}[\d.]+ s {2}[\d,]+ requests {2}good [\d.]+ % {2}p50 [\d.]+ {2}p95 \S+ {2}p99 \S+ \S+/,
  );
  expect(line).not.toContain('planned');
});

it('says how a run ended that was stopped, and that its numbers are not to be trusted', () => {
  const generator = { ...summary.generator, valid: false };
  expect(summaryLine({ ...summary, generator, endReason: 'stopped by key' }, '50/s')).toMatch(
    / {2}NOT VALID {2}stopped by key$/,
  );
});

it('has no numbers of requests that never were', () => {
  const none = { count: 0, meanMs: null, minMs: null, p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null };
  const good = { ...none, p999Ms: null, maxMs: null };
  const response = { ...summary.response, good };
  const empty = {
    ...summary,
    completed: 0,
    failed: 0,
    good: 0,
    response,
    endReason: 'the planned end',
    durationMs: 500,
  };
  expect(summaryLine({ ...empty, generator: { ...summary.generator, valid: true } }, 'stages')).toBe(
    'stages  0.5 s  0 requests',
  );
});
