// Whether what is measured of streams is true: against a server that logs, on the same clock, when it was asked and when it
// wrote each event.

import http from 'node:http';
import http2 from 'node:http2';
import { describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { draw } from '../../source/common/random.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { medianOfThree, percentile, sleep } from '../helpers/drive.ts';
import { plainTransport } from '../helpers/engine-spec.ts';
import { listen } from '../helpers/listen.ts';
import { chunk, driveStreams, mark } from '../helpers/streamed.ts';

const eventsEach = 8;
const profile = 'steps:\n  - post: /chat\n    json: { stream: true }\n    stream: { type: sse, done: "[DONE]" }\n';

/** What both protocols' answers have in common here. */
interface Answer {
  writeHead(status: number, headers: http.OutgoingHttpHeaders): unknown;
  write(text: string): boolean;
  end(text: string): unknown;
}

interface Measured {
  /** How far off the figures are, ms. */
  readonly firstMedian: number;
  readonly firstP99: number;
  readonly gapMedian: number;
  readonly gapP99: number;
}

/** 20 streams a second for 3 s, their gaps anywhere from 10 to 110 ms. */
const measure = async (isHttp2: boolean): Promise<Measured> => {
  const firsts: number[] = [];
  const gaps: number[] = [];
  let streams = 0;
  const answer = async (response: Answer): Promise<void> => {
    const askedAt = monotonicNow();
    const stream = streams;
    streams += 1;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let before = askedAt;
    for (let event = 0; event < eventsEach; event += 1) {
      await sleep(10 + draw(7, stream * eventsEach + event) * 100);
      const now = monotonicNow();
      response.write(chunk('word '));
      (event === 0 ? firsts : gaps).push(now - before);
      before = now;
    }
    response.end(mark);
  };
  const server = isHttp2
    ? http2.createServer((_, response) => void answer(response))
    : http.createServer((_, response) => void answer(response));
  const { port } = await listen(server);
  const { outcomes, trends, counts } = await driveStreams(profile, {
    port,
    segments: constantSegments(20, 3000),
    forMs: 3000,
    spec: { transport: plainTransport(port, isHttp2 ? { http2: true, perConnection: 100 } : {}) },
  });
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
