import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type PeerName, peers, type Shape } from './peers.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-peers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shape: Shape = { url: 'http://127.0.0.1:8080/', connections: 64, seconds: 6 };
const body = { text: '{"a":1}', file: 'body.json', type: 'application/json' };

const think = { leastSeconds: 1, mostSeconds: 5 };

const line = (name: PeerName, more: Partial<Shape> = {}): string | undefined => {
  const command = peers[name].command('/bin/tool', { ...shape, ...more }, path.join(folder, name));
  return command && [command.file, ...command.args].join(' ');
};

describe('the command line of a peer', () => {
  it.each([
    ['ab', {}, '/bin/tool -k -q -c 64 -t 6 -n 1800000 http://127.0.0.1:8080/'],
    ['hey', {}, '/bin/tool -z 6s -c 64 http://127.0.0.1:8080/'],
    ['hey', { body }, '/bin/tool -z 6s -c 64 -m POST -D body.json -T application/json http://127.0.0.1:8080/'],
    ['autocannon', { pipelining: 10 }, `${process.execPath} /bin/tool -j -c 64 -d 6 -p 10 http://127.0.0.1:8080/`],
    [
      'oha',
      { rate: 1000 },
      '/bin/tool --no-tui --output-format json --worker-threads 1 -c 64 -z 6s -q 1000 http://127.0.0.1:8080/',
    ],
  ] as const)('%s %j', (name, more, expected) => {
    expect(line(name, more)).toBe(expected);
  });

  it('gives hey its part of the rate for each of its workers', () => {
    expect(line('hey', { rate: 1000 })).toContain('-q 15.625 ');
  });

  it.each([
    ['wrk', { rate: 1000 }],
    ['ab', { rate: 1000 }],
    ['locust', { rate: 1000 }],
    ['hey', { pipelining: 10 }],
    ['oha', { pipelining: 10 }],
    ...(['wrk', 'ab', 'hey', 'oha', 'autocannon', 'k6'] as const).map((name) => [name, { think }] as const),
  ] as const)('is none where %s has no such mode: %j', (name, more) => {
    expect(line(name, more)).toBeUndefined();
  });

  it('writes the script of k6 with an open model at a fixed rate, and never reports to anybody', () => {
    expect(line('k6', { rate: 1000, body })).toContain('--no-usage-report');
    const script = readFileSync(path.join(folder, 'k6/k6.js'), 'utf8');
    expect(script).toContain('"executor":"constant-arrival-rate","rate":1000,"timeUnit":"1s","duration":"6s"');
    expect(script).toContain(`http.post(url, "{\\"a\\":1}"`);
  });

  it('writes the scripts of wrk and Locust with the body', () => {
    line('wrk', { body });
    line('locust', { body });
    expect(readFileSync(path.join(folder, 'wrk/wrk.lua'), 'utf8')).toContain('wrk.body = [==[{"a":1}]==]');
    expect(readFileSync(path.join(folder, 'locust/locustfile.py'), 'utf8')).toContain(
      'self.client.post("/", data="{\\"a\\":1}"',
    );
  });

  it('has users of Locust think, and its figures begin after the warm-up', () => {
    const command = line('locust', { connections: 1000, seconds: 78, think, warmupSeconds: 15 });
    expect(command).toContain('--headless --json -u 1000 -r 1000 -t 78s --host http://127.0.0.1:8080');
    const script = readFileSync(path.join(folder, 'locust/locustfile.py'), 'utf8');
    expect(script).toContain('wait_time = between(1, 5)\n');
    expect(script).toContain('gevent.spawn_later(15, environment.stats.reset_all)\n');
    line('locust');
    const plain = readFileSync(path.join(folder, 'locust/locustfile.py'), 'utf8');
    expect(plain).toContain('wait_time = constant(0)\n');
    expect(plain).not.toContain('gevent');
  });
});
