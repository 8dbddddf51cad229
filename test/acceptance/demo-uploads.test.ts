// The demo target's batch insert: what it takes and refuses, how its time grows with others in work, the limit of the proxy
// in front of it, and that its memory does not grow with what is sent.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type DemoTarget, postEvents, seriesValue, startDemoTarget } from '../helpers/demo-target.ts';

const running: DemoTarget[] = [];

const start = async (...flags: string[]): Promise<DemoTarget> => {
  const target = await startDemoTarget(flags);
  running.push(target);
  return target;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((target) => target.stop()));
});

const key = 'demo-upload-key';

/** A form as the batch insert takes it. */
const formOf = (rows: string, name = '4lakh1.csv'): FormData => {
  const form = new FormData();
  form.append('file', new Blob([rows], { type: 'text/csv' }), name);
  form.append('json', JSON.stringify({ list_id: 'list-1' }));
  return form;
};

const upload = (target: DemoTarget, form: FormData | string, authorization: string | null = key): Promise<Response> =>
  fetch(`${target.origin}/v1/file-sync`, {
    method: 'POST',
    body: form,
    headers: authorization === null ? {} : { authorization },
    signal: AbortSignal.timeout(20_000),
  });

/** Status and time in ms of so many uploads at once. */
const uploadTogether = (target: DemoTarget, count: number, rows: string): Promise<{ status: number; ms: number }[]> =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const before = performance.now();
      const { status } = await upload(target, formOf(rows));
      return { status, ms: performance.now() - before };
    }),
  );

describe('an upload', () => {
  it('is taken with its file first, its list behind it, and the key as it is', async () => {
    const target = await start('--upload-key', 'a key');
    const answer = await upload(target, formOf('a,b\n1,2\n'), 'a key');
    expect([answer.status, await answer.json()]).toEqual([200, { list_id: 'list-1', bytes: 8 }]);
    await upload(target, formOf('a,b\n', 'other.csv'), 'a key');
    const { uploads, routes } = await target.counters();
    expect(uploads).toMatchObject({
      accepted: 2,
      timedOut: 0,
      chunked: 0,
      fileBytes: 12,
      lists: 1,
      files: {
        '4lakh1.csv': { uploads: 1, bytes: 8, least: 8, most: 8 },
        'other.csv': { uploads: 1, bytes: 4 },
      },
    });
    expect(routes['POST /v1/file-sync']).toMatchObject({
      requests: 2,
      statuses: { 200: 2 },
      contentTypes: { 'multipart/form-data': 2 },
      faults: 0,
    });
    expect(await target.health()).toMatchObject({ uploads: { inFlight: 0, inWork: 0 } });
  });

  it('is refused with a reason, and the first is kept as an example', async () => {
    const target = await start();
    const swapped = new FormData();
    swapped.append('json', '{"list_id":"x"}');
    swapped.append('file', new Blob(['a']), '4lakh1.csv');
    const broken = formOf('a');
    broken.set('json', '{');
    const answers = [
      await upload(target, swapped),
      await upload(target, broken),
      await upload(target, 'no form'),
      await upload(target, formOf('a'), `Bearer ${key}`),
      await upload(target, formOf('a'), null),
    ];
    expect(await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()]))).toEqual([
      [400, { error: 'the parts are json, file; file, json were expected, in this order' }],
      [400, { error: 'the part json is {; {"list_id": "…"} was expected' }],
      [400, { error: expect.stringContaining('multipart/form-data was expected') }],
      [401, { error: 'the Authorization has a scheme; the key alone was expected' }],
      [401, { error: 'there is no Authorization' }],
    ]);
    const counters = await target.counters();
    expect(counters.routes['POST /v1/file-sync']).toMatchObject({
      faults: 5,
      firstFault: 'the parts are json, file; file, json were expected, in this order',
    });
    expect(JSON.stringify(counters)).not.toContain(key);
  });

  it('takes longer the more others are in work', async () => {
    const target = await start('--upload-rate', '1000000', '--upload-ms', '0');
    const rows = 'x'.repeat(50_000);
    const [alone] = await uploadTogether(target, 1, rows);
    const among = await uploadTogether(target, 10, rows);
    expect(alone!.ms).toBeGreaterThanOrEqual(50);
    expect(alone!.ms).toBeLessThan(300);
    expect(Math.max(...among.map(({ ms }) => ms))).toBeGreaterThanOrEqual(500);
    expect((await target.counters()).uploads).toMatchObject({
      accepted: 11,
      inFlightAtOnce: 10,
      waves: [1, 10],
    });
  });

  it('lengthens the answers of everything else', async () => {
    const target = await start('--upload-rate', '1000', '--strain', '1', '--service-ms', '20');
    const timed = async (): Promise<number> => {
      const before = performance.now();
      await postEvents(target, {});
      return performance.now() - before;
    };
    await timed();
    const before = Math.min(await timed(), await timed(), await timed());
    const leave = new AbortController();
    const pending = Array.from({ length: 9 }, () =>
      fetch(`${target.origin}/v1/file-sync`, {
        method: 'POST',
        body: formOf('x'.repeat(100_000)),
        headers: { authorization: key },
        signal: leave.signal,
      }).catch(() => undefined),
    );
    await expect.poll(async () => (await target.counters()).uploads.inWorkAtOnce).toBe(9);
    const beside = Math.min(await timed(), await timed(), await timed());
    leave.abort();
    await Promise.all(pending);
    expect(beside).toBeGreaterThanOrEqual(before * 3);
  });

  it('gets 524 from the proxy at its limit, over a connection that stays usable', async () => {
    const target = await start('--upload-rate', '1000', '--proxy-limit-ms', '300');
    const [late] = await uploadTogether(target, 1, 'x'.repeat(100_000));
    expect(late).toMatchObject({ status: 524 });
    expect(late!.ms).toBeGreaterThanOrEqual(299);
    expect(late!.ms).toBeLessThan(2000);
    await target.knobs({ uploadRate: 1e9 });
    await expect.poll(async () => (await upload(target, formOf('a'))).status).toBe(200);
    const { routes, uploads } = await target.counters();
    expect(routes['POST /v1/file-sync']?.statuses).toMatchObject({ 524: 1 });
    expect(uploads).toMatchObject({ timedOut: 1 });
  });

  it('may hang without a byte, and is counted when its client leaves', async () => {
    const target = await start('--hang-share', '1', '--proxy-limit-ms', '100');
    const answer = fetch(`${target.origin}/v1/file-sync`, {
      method: 'POST',
      body: formOf('a'),
      headers: { authorization: key },
      signal: AbortSignal.timeout(600),
    });
    await expect(answer).rejects.toThrow(/timeout/i);
    const route = async () => (await target.counters()).routes['POST /v1/file-sync'];
    await expect.poll(route).toMatchObject({ requests: 1, unanswered: 1, statuses: {} });
    expect((await target.counters()).uploads).toMatchObject({ hung: 1, timedOut: 0 });
  });
});

describe('a client', () => {
  it('may leave in the middle of an upload, of which nothing remains', async () => {
    const target = await start();
    const socket = connect(Number(new URL(target.origin).port), '127.0.0.1');
    socket.write(
      'POST /v1/file-sync HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n',
    );
    socket.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nxyz');
    await expect.poll(async () => seriesValue(await target.metrics(), 'uploads_in_flight')).toBe(1);
    socket.resetAndDestroy();
    await expect.poll(async () => seriesValue(await target.metrics(), 'uploads_in_flight')).toBe(0);
    const { routes, uploads } = await target.counters();
    expect(routes['POST /v1/file-sync']).toMatchObject({ requests: 1, unanswered: 1, statuses: {}, faults: 0 });
    expect(routes['POST /v1/file-sync']?.bytesIn).toBeGreaterThan(60);
    expect(uploads).toMatchObject({ fileBytes: 0, lists: 0 });
  });
});

describe('the memory of the target', () => {
  const residentBytes = (pid: number): number => {
    const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) * 1024;
  };

  it.skipIf(process.platform !== 'linux')('does not grow with 100 uploads of 8 MiB at once', async () => {
    const target = await start('--upload-rate', '200e6');
    await upload(target, formOf('warm'));
    const before = residentBytes(target.pid);
    const chunk = Buffer.alloc(64 * 1024, 0x2c);
    const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="4lakh1.csv"\r\n\r\n';
    const tail = '\r\n--b\r\nContent-Disposition: form-data; name="json"\r\n\r\n{"list_id":"m"}\r\n--b--\r\n';
    const agent = new Agent({ maxSockets: 100 });
    const one = (): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const length = head.length + 128 * chunk.length + tail.length;
        const headers = {
          authorization: key,
          'content-type': 'multipart/form-data; boundary=b',
          'content-length': length,
        };
        const out = request(`${target.origin}/v1/file-sync`, { method: 'POST', agent, headers }, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode));
        });
        out.on('error', reject);
        out.write(head);
        let left = 128;
        const more = (): void => {
          while (left > 0) {
            left -= 1;
            if (!out.write(chunk)) {
              out.once('drain', more);
              return;
            }
          }
          out.end(tail);
        };
        more();
      });
    const statuses = await Promise.all(Array.from({ length: 100 }, one));
    agent.destroy();
    expect(statuses.every((status) => status === 200)).toBe(true);
    const { uploads } = await target.counters();
    expect(uploads).toMatchObject({ accepted: 101, fileBytes: 100 * 8 * 1024 * 1024 + 4 });
    // The first are done before the last have begun.
    expect(uploads.inFlightAtOnce).toBeGreaterThan(50);
    // 800 MiB came; the chunks that are being read, and those that are not collected yet, take a part of it at any size.
    expect(residentBytes(target.pid) - before).toBeLessThan(250 * 1024 * 1024);
  });
});
