import { describe, expect, it } from 'vitest';
import { matcher } from '../../source/ui/filter.ts';

const series = 'http_requests_total{route="/events",status="429"}';

describe('a filter', () => {
  it.each([
    ['', true],
    ['   ', true],
    ['requests', true],
    ['REQUESTS', true],
    ['429 http', true],
    ['429 http memory', false],
    ['http_*_total', true],
    ['http*429', true],
    ['429*http', false],
    ['*', true],
    ['requests*requests', false],
    ['.*', false],
    ['[', false],
  ])('%j leaves a row that has all its words: %s', (filter, expected) => {
    expect(matcher(filter)(series)).toBe(expected);
  });

  it('takes no time, however many stars there are', () => {
    const from = process.cpuUsage().user;
    expect(matcher(`${'a*'.repeat(50)}b`)('a'.repeat(10_000))).toBe(false);
    expect(process.cpuUsage().user - from).toBeLessThan(500_000);
  });
});
