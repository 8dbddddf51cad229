// Steering a real load: a change is asked about, carried out, measured once it has settled and taken back; a report in the
// middle of the run leaves the summary at its end as it is.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { sleep } from '../helpers/drive.ts';
import { type LogServer, startLogServer } from '../helpers/log-server.ts';
import { Robot } from '../helpers/robot.ts';
import { startSession } from '../helpers/session-run.ts';

let server: LogServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

it('asks before a leap, tells what it came to, and takes it back', async () => {
  server = await startLogServer();
  const { session, events } = await startSession({ port: server.port, segments: constantSegments(200, 60_000) });
  const state = () => session.store.newest;
  await sleep(4000);
  expect(session.dispatch({ type: 'rate/set', rate: 600 }, 'command line')).toEqual({
    type: 'asked',
    text: 'from 200/s to 600/s is 3 times as much: go there?',
  });
  expect(session.dispatch({ type: 'question/answer', yes: true }, 'command line')).toEqual({
    type: 'done',
    text: 'rate 200/s → 600/s by command line',
  });
  await sleep(5000);
  expect(session.dispatch({ type: 'report/write' }, 'key').type).toBe('done');
  await expect.poll(() => events.some(({ type }) => type === 'change/settled'), { timeout: 8000 }).toBe(true);
  const [settled] = events.filter((event) => event.type === 'change/settled');
  // Over four seconds the first of which the load has just begun.
  expect(settled!.before.goodPerSecond).toBeGreaterThan(180);
  expect(settled!.before.goodPerSecond).toBeLessThan(215);
  expect(settled!.after.goodPerSecond).toBeGreaterThan(570);
  expect(settled!.after.goodPerSecond).toBeLessThan(630);
  expect(state().log.find(({ text }) => text.startsWith('rate'))?.effect).toMatch(/^good \d+ → [56]\d\d {3}p99 /);
  expect(session.dispatch({ type: 'change/undo' }, 'key').text).toBe(
    'rate 600/s → 200/s, back to the plan, undo by key',
  );
  await sleep(1500);
  expect(state().rates.offered).toBeCloseTo(200, -1);
  expect(state().endpoints).toMatchObject([{ name: 'GET /', notGoodShare: 0 }]);
  session.dispatch({ type: 'run/stop' }, 'key');
  const { summary } = await session.ended;
  const [report] = events.filter((event) => event.type === 'report/taken');
  expect(report!.summary).toMatchObject({ durationMs: expect.any(Number), problems: [] });
  expect(report!.summary.durationMs % 1000).toBe(0);
  expect(report!.summary.balanced).toBe(true);
  expect(report!.summary.completed).toBeLessThan(summary.completed);
  expect(summary.balanced).toBe(true);
  expect(summary.completed).toBe((await server.log()).length);
  expect(state().endpoints[0]?.total).toBe(summary.completed);
}, 40_000);

it('is spoken by commands on the screen, and writes reports beside the recording', async () => {
  server = await startLogServer();
  const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-steering-'));
  const recording = path.join(folder, 'run.jsonl');
  const url = `http://127.0.0.1:${server.port}/`;
  const at = new Robot([url, '-q', '100', '--no-probe', '--record', recording, '--max-rate', '1k']);
  try {
    await at.see(/achieved\s+(9|1[01])\d/, 8000);
    at.press(':rate 1.2k\r');
    await at.see(/from 100\/s to 1,200\/s is 12 times as much, and above the ceiling, 1,000\/s/);
    at.press(':no\r');
    await at.see('left as it is, by command line');
    at.press(':ramp 180 1m\r');
    await at.see('over 1m');
    at.press(':hold\r');
    await at.see(/rate held at 1\d\d(\.\d+)?\/s by command line/);
    at.press(':undo\r:undo\r');
    await at.see(/back to the plan/);
    at.press(':undo\r');
    await at.see('refused: nothing to undo');
    // A report needs a whole second.
    await at.see(/RUNNING +0:0[2-9]/);
    at.press(':report\r:report\r');
    await at.see(/report so far: .*run-report-2\.txt and \.json/);
    at.press(':stop\r');
    // It leaves by itself: its last picture may be gone before anybody has seen it.
    await at.ended();
    expect(readdirSync(folder).toSorted()).toEqual([
      'run-report-1.json',
      'run-report-1.txt',
      'run-report-2.json',
      'run-report-2.txt',
      'run.jsonl',
    ]);
    expect(readFileSync(path.join(folder, 'run-report-1.txt'), 'utf8')).toMatch(/of a run that goes on/);
    const recorded = readFileSync(recording, 'utf8');
    for (const type of ['command/asked', 'question/left', 'report/taken'])
      expect(recorded).toContain(`"type":"${type}"`);
  } finally {
    await at.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 40_000);
