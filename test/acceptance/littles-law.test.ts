// Whether users come as often as they should: a closed system gives the rate that Little's law says, N ÷ (think time +
// response time), at the server and by its own log. A machine that is busy lengthens response times, and the law knows them.

import { afterEach, describe, expect, it } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import type { Think } from '../../source/load/think.ts';
import { Histogram } from '../../source/measure/histogram.ts';
import { eachHistogram, readKey } from '../../source/measure/interval.ts';
import type { Second } from '../../source/measure/second.ts';
import { lawChance, lawRate } from '../bench/littles-law.ts';
import { drive, percentile } from '../helpers/drive.ts';
import { scenariosOf } from '../helpers/engine-spec.ts';
import { type LogServer, startLogServer } from '../helpers/log-server.ts';

let server: LogServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const users = 200;
const think: Think = { type: 'uniform', leastMs: 100, mostMs: 300 };
const windowSeconds = 4;
/** After this time, some ten iterations of each user, nothing is left of all having begun at once. */
const windows = [3, 7, 11].map((from) => ({ from, to: from + windowSeconds }));
const wholeMs = 15_200;

/** Mean response time of good requests, ms. */
const meanResponse = (seconds: readonly Second[]): number => {
  const all = new Histogram();
  for (const { cells } of seconds) {
    eachHistogram(cells, (key, pairs) => {
      const cell = readKey(key);
      if (cell.type === 'span' && cell.span === 'response' && cell.group === 'good') all.add(pairs);
    });
  }
  return all.mean / 1000;
};

describe('users that think', () => {
  it('come as often as the law of Little says, within 2 %', async () => {
    server = await startLogServer({ serviceMs: 20 });
    const scenarios = scenariosOf([['/', 1]]).map((scenario) => ({ ...scenario, think }));
    const driven = await drive({
      ...{ port: server.port, segments: constantSegments(users, Infinity), forMs: wholeMs },
      spec: { model: 'closed', workers: 2, connections: users, scenarios },
    });
    expect(driven.summary).toMatchObject({ balanced: true, notGood: 0, failed: 0 });
    const came = (await server.log()).map(([, , cameAt]) => (cameAt - driven.originAt) / 1000);
    const off = windows.map(({ from, to }) => {
      const responseMs = meanResponse(driven.seconds.filter(({ second }) => second >= from && second < to));
      expect(responseMs).toBeGreaterThan(20);
      const law = lawRate(users, think, responseMs);
      // By chance alone a window is off by less than this in 997 of 1,000 cases.
      expect(3 * lawChance(think, responseMs, law * windowSeconds)).toBeLessThan(0.015);
      return came.filter((at) => at >= from && at < to).length / windowSeconds / law - 1;
    });
    expect(Math.abs(percentile(off, 0.5)), `off by ${off.map((each) => each.toFixed(4)).join(', ')}`).toBeLessThan(
      0.02,
    );
  }, 40_000);
});
