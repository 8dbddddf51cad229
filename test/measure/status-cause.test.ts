// Which cause an answer's status has, and when its headers say that an edge stood between.

import { describe, expect, it } from 'vitest';
import { type CauseName, causes } from '../../source/measure/cause.ts';
import type { OutcomeClass } from '../../source/measure/outcome.ts';
import { type AnswerHeaders, causeOfStatus } from '../../source/measure/status-cause.ts';

const of = (status: number, good: boolean, headers: AnswerHeaders = {}) =>
  causes[causeOfStatus(status, good, headers)]!;

const edge = { 'cf-ray': '8c2f0b1a2d3e4f50-FRA', server: 'cloudflare' };

describe('the cause of a status', () => {
  it.each<[number, boolean, CauseName, OutcomeClass]>([
    [200, true, '2xx', '2xx'],
    [204, true, '2xx', '2xx'],
    [299, true, '2xx', '2xx'],
    [302, true, '3xx', '3xx'],
    [200, false, 'expectation failed, status 2xx', 'expectation failed'],
    [304, false, 'expectation failed, status 3xx', 'expectation failed'],
    [400, false, '400', '4xx'],
    [401, false, '401', '4xx'],
    [403, false, '403', '4xx'],
    [404, false, '404', '4xx'],
    [404, true, '404', '4xx'],
    [408, false, '408', '4xx'],
    [413, false, '413', '4xx'],
    [422, false, '422', '4xx'],
    [418, false, 'other 4xx', '4xx'],
    [429, false, '429', '429'],
    [499, false, 'other 4xx', '4xx'],
    [500, false, '500', '5xx'],
    [501, false, 'other 5xx', '5xx'],
    [502, false, '502', '5xx'],
    [503, false, '503', '503'],
    [504, false, '504', '504'],
    [520, false, '520, from the origin', '520'],
    [521, false, '521, from the origin', '521'],
    [522, false, '522, from the origin', '522'],
    [523, false, '523, from the origin', '523'],
    [524, false, '524, from the origin', '524'],
    [525, false, '525 or 526', '5xx'],
    [526, false, '525 or 526', '5xx'],
    [527, false, 'other 5xx', '5xx'],
    [599, false, 'other 5xx', '5xx'],
    [999, false, 'status outside 200 to 599', '5xx'],
    [1200, false, 'status outside 200 to 599', '5xx'],
    [101, false, 'status outside 200 to 599', '5xx'],
    [0, false, 'status outside 200 to 599', '5xx'],
  ])('%d (as expected: %s) is %s, of class %s', (status, good, name, group) => {
    expect(of(status, good)).toMatchObject({ name, class: group });
  });

  it.each<[number, CauseName]>([
    [429, '429, through an edge'],
    [502, '502, through an edge'],
    [503, '503, through an edge'],
    [504, '504, through an edge'],
    [520, '520, from the edge'],
    [521, '521, from the edge'],
    [522, '522, from the edge'],
    [523, '523, from the edge'],
    [524, '524, from the edge'],
    // No edge answers these for an origin.
    [200, '2xx'],
    [404, '404'],
    [500, '500'],
  ])('%d with the headers of an edge is %s', (status, name) => {
    expect(of(status, status < 300, edge).name).toBe(name);
  });

  it.each<[AnswerHeaders, boolean]>([
    [{ 'cf-ray': '1-FRA' }, true],
    [{ server: 'cloudflare' }, true],
    [{ server: 'CloudFront' }, true],
    [{ server: 'AkamaiGHost' }, true],
    [{ server: 'Varnish' }, true],
    [{ 'x-served-by': 'cache-fra-1' }, true],
    [{ 'x-cache': 'Error from cloudfront' }, true],
    [{ 'x-cache': ['MISS', 'MISS'] }, true],
    [{ via: '1.1 varnish' }, true],
    [{ 'x-amz-cf-id': 'a' }, true],
    [{ 'x-azure-ref': 'a' }, true],
    [{ server: 'nginx' }, false],
    [{ server: ['nginx', 'cloudflare'] }, false],
    [{ 'retry-after': '7' }, false],
    [{}, false],
  ])('%j says that an edge stood between: %s', (headers, isEdge) => {
    expect(of(503, false, headers).name).toBe(isEdge ? '503, through an edge' : '503');
    expect(of(524, false, headers).name).toBe(isEdge ? '524, from the edge' : '524, from the origin');
  });

  it('does not look at the headers of a success', () => {
    const untouchable = new Proxy<AnswerHeaders>({}, { get: () => expect.unreachable('nobody should look') });
    expect([of(200, true, untouchable).name, of(404, false, untouchable).name]).toEqual(['2xx', '404']);
  });
});
