// Whether what is measured of streams is true: against a server in a process of its own that logs, on the same clock, when it
// was asked and when it wrote each event.

import { describe, expect, it } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { medianOfThree, percentile } from '../helpers/drive.ts';
import { plainTransport } from '../helpers/engine-spec.ts';
import { startStreamServer } from '../helpers/stream-server.ts';
import { eventsEach } from '../helpers/stream-text.ts';
import { driveStreams } from '../helpers/streamed.ts';

const profile = 'steps:\n  - post: /chat\n    json: { stream: true }\n    stream: { type: sse, done: "[DONE]" }\n';

interface Measured {
  /** How far off the figures are, ms. */
  readonly firstMedian: number;
  readonly firstP99: number;
  readonly gapMedian: number;
  readonly gapP99: number;
}

/** 20 streams a second for 3 s, their gaps anywhere from 10 to 110 ms. */
const measure = async (isHttp2: boolean): Promise<Measured> => {
  const server = await startStreamServer(isHttp2 ? 'http2' : 'http1');
  const { port } = server;
  const { outcomes, trends, counts } = await driveStreams(profile, {
    port,
    segments: constantSegments(20, 3000),
    forMs: 3000,
    spec: { transport: plainTransport(port, isHttp2 ? { http2: true, perConnection: 100 } : {}) },
  }).catch((error: unknown) => {
    server.stop();
    throw error;
  });
  const log = await server.log();
  server.stop();
  const firsts = log.map(({ askedAt, writtenAt }) => writtenAt[0]! - askedAt);
  const gaps = log.flatMap(({ writtenAt }) => writtenAt.slice(1).map((at, index) => at - writtenAt[index]!));
  expect(outcomes).toEqual([['2xx', 60, ['2xx']]]);
  expect(counts).toMatchObject({
    events: 60 * eventsEach,
    'time to first event': 60,
    'gap between events': 60 * (eventsEach - 1),
    'tokens, by events with content': 60 * eventsEach,
  });
  const off = (name: string, truth: readonly number[], share: number): number =>
    Math.abs(trends.get(name)!.percentile(share) / 1000 - percentile(truth, share));
  return {
    firstMedian: off('time to first event', firsts, 0.5),
    firstP99: off('time to first event', firsts, 0.99),
    gapMedian: off('gap between events', gaps, 0.5),
    gapP99: off('gap between events', gaps, 0.99),
  };
};

describe('a streamed answer', () => {
  it.each([
    ['HTTP/1.1', false],
    ['HTTP/2', true],
  ])(
    'over %s has its first event and its gaps within 2 ms of the truth in the median, 10 ms at p99',
    async (_, isHttp2) => {
      const worst = ({ firstMedian, gapMedian, firstP99, gapP99 }: Measured): number =>
        Math.max(firstMedian / 2, gapMedian / 2, firstP99 / 10, gapP99 / 10);
      const measured = await medianOfThree(() => measure(isHttp2), worst);
      expect(measured.firstMedian, JSON.stringify(measured)).toBeLessThanOrEqual(2);
      expect(measured.gapMedian, JSON.stringify(measured)).toBeLessThanOrEqual(2);
      expect(measured.firstP99, JSON.stringify(measured)).toBeLessThanOrEqual(10);
      expect(measured.gapP99, JSON.stringify(measured)).toBeLessThanOrEqual(10);
    },
  );
});
