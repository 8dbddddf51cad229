// The tools loadtop is measured against, as a table: where each comes from, and its command line for a shape of load. Each
// gets the setting in which it does best on one core: one thread, no screen, no reports to anybody.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from './command.ts';

/** A load, in words that every tool has words for. */
export interface Shape {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** POST where there is a body. */
  readonly body?: { readonly text: string; readonly file: string; readonly type: string };
  /** Default: 1. */
  readonly pipelining?: number;
  /** Arrivals per second; full speed without. */
  readonly rate?: number;
  /** How long each user, on a connection of its own, thinks between an answer and its next request; without: not at all. */
  readonly think?: { readonly leastSeconds: number; readonly mostSeconds: number };
  /** Seconds at the beginning that the tool leaves out of its figures; only beside `think`. */
  readonly warmupSeconds?: number;
}

export interface Peer {
  readonly name: string;
  /** The Debian package it is looked up from, or how it is built (build-peers.ts). */
  readonly source: { readonly package: string } | { readonly built: 'oha' | 'k6' | 'locust' | 'autocannon' };
  readonly version: { readonly args: readonly string[]; readonly pattern: RegExp };
  /** The command for a shape; undefined where the tool has no such mode. `folder` is for scripts it needs. */
  command(program: string, shape: Shape, folder: string): Command | undefined;
}

const script = (folder: string, name: string, text: string): string => {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};

/** wrk prints no p99.9: its own histogram is asked at the end. */
const wrkScript = ({ body }: Shape): string => `
${body ? `wrk.method = "POST"\nwrk.body = [==[${body.text}]==]\nwrk.headers["Content-Type"] = "${body.type}"` : ''}
done = function(summary, latency, requests)
  io.write(string.format("claims us p50=%.0f p99=%.0f p99.9=%.0f max=%.0f\\n",
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max))
end
`;

const k6Script = ({ url, connections, seconds, body, rate }: Shape): string => {
  const scenario =
    rate === undefined
      ? { executor: 'constant-vus', vus: connections, duration: `${seconds}s` }
      : {
          executor: 'constant-arrival-rate',
          rate,
          timeUnit: '1s',
          duration: `${seconds}s`,
          preAllocatedVUs: connections,
          maxVUs: connections,
        };
  const options = { discardResponseBodies: true, scenarios: { load: scenario } };
  const request = body
    ? `http.post(url, ${JSON.stringify(body.text)}, { headers: { 'Content-Type': '${body.type}' } })`
    : 'http.get(url)';
  return `import http from 'k6/http';
export const options = ${JSON.stringify(options)};
const url = ${JSON.stringify(url)};
export default function () { ${request}; }
`;
};

const locustScript = ({ url, body, think, warmupSeconds }: Shape): string => {
  const { pathname } = new URL(url);
  const request = body
    ? `self.client.post("${pathname}", data=${JSON.stringify(body.text)}, headers={"Content-Type": "${body.type}"})`
    : `self.client.get("${pathname}")`;
  const reset = `
import gevent
from locust import events

@events.test_start.add_listener
def leave_out_the_beginning(environment, **_):
    gevent.spawn_later(${warmupSeconds}, environment.stats.reset_all)
`;
  return `from locust import FastHttpUser, between, constant, task
${warmupSeconds === undefined ? '' : reset}
class Load(FastHttpUser):
    wait_time = ${think ? `between(${think.leastSeconds}, ${think.mostSeconds})` : 'constant(0)'}

    @task
    def load(self):
        ${request}
`;
};

const wrk: Peer = {
  name: 'wrk',
  source: { package: 'wrk' },
  version: { args: ['--version'], pattern: /wrk \S*?(\d+\.\d+\.\d+)/ },
  command: (program, shape, folder) =>
    shape.rate !== undefined || (shape.pipelining ?? 1) > 1 || shape.think
      ? undefined
      : {
          file: program,
          args: [
            // What takes longer than its timeout, by default 2 s, is in none of its percentiles.
            ...['-t1', `-c${shape.connections}`, `-d${shape.seconds}s`, '--timeout', '10s'],
            ...['-s', script(folder, 'wrk.lua', wrkScript(shape)), shape.url],
          ],
        },
};

const ab: Peer = {
  name: 'ab',
  source: { package: 'apache2-utils' },
  version: { args: ['-V'], pattern: /Version (\S+)/ },
  command: (program, { url, connections, seconds, body, rate, think, pipelining = 1 }) =>
    rate !== undefined || think || pipelining > 1
      ? undefined
      : {
          file: program,
          args: [
            // Its table of results is as long as -n says: enough for the time, no more.
            ...['-k', '-q', '-c', `${connections}`, '-t', `${seconds}`, '-n', `${seconds * 300_000}`],
            ...(body ? ['-p', body.file, '-T', body.type] : []),
            url,
          ],
        },
};

const hey: Peer = {
  name: 'hey',
  source: { package: 'hey' },
  // It does not tell its version.
  version: { args: [], pattern: /$^/ },
  command: (program, { url, connections, seconds, body, rate, think, pipelining = 1 }) =>
    think || pipelining > 1
      ? undefined
      : {
          file: program,
          args: [
            ...['-z', `${seconds}s`, '-c', `${connections}`],
            // Its rate is that of one worker.
            ...(rate === undefined ? [] : ['-q', `${rate / connections}`]),
            ...(body ? ['-m', 'POST', '-D', body.file, '-T', body.type] : []),
            url,
          ],
        },
};

const oha: Peer = {
  name: 'oha',
  source: { built: 'oha' },
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  command: (program, { url, connections, seconds, body, rate, think, pipelining = 1 }) =>
    think || pipelining > 1
      ? undefined
      : {
          file: program,
          args: [
            ...['--no-tui', '--output-format', 'json', '--worker-threads', '1'],
            ...['-c', `${connections}`, '-z', `${seconds}s`],
            ...(rate === undefined ? [] : ['-q', `${rate}`]),
            ...(body ? ['-m', 'POST', '-D', body.file, '-T', body.type] : []),
            url,
          ],
        },
};

const autocannon: Peer = {
  name: 'autocannon',
  source: { built: 'autocannon' },
  version: { args: ['--version'], pattern: /autocannon v?(\d+\.\d+\.\d+)/ },
  command: (program, { url, connections, seconds, body, rate, think, pipelining = 1 }) =>
    think
      ? undefined
      : {
          file: process.execPath,
          args: [
            ...[program, '-j', '-c', `${connections}`, '-d', `${seconds}`, '-p', `${pipelining}`],
            ...(rate === undefined ? [] : ['-R', `${rate}`]),
            ...(body ? ['-m', 'POST', '-i', body.file, '-H', `Content-Type=${body.type}`] : []),
            url,
          ],
        },
};

const k6: Peer = {
  name: 'k6',
  source: { built: 'k6' },
  version: { args: ['version'], pattern: /v(\d+\.\d+\.\d+)/ },
  command: (program, shape, folder) =>
    (shape.pipelining ?? 1) > 1 || shape.think
      ? undefined
      : {
          file: program,
          args: ['run', '--quiet', '--no-usage-report', script(folder, 'k6.js', k6Script(shape))],
          env: { K6_NO_USAGE_REPORT: 'true' },
        },
};

const locust: Peer = {
  name: 'Locust',
  source: { built: 'locust' },
  version: { args: ['--version'], pattern: /locust (\S+)/ },
  command: (program, shape, folder) =>
    shape.rate !== undefined || (shape.pipelining ?? 1) > 1
      ? undefined
      : {
          file: program,
          args: [
            ...['-f', script(folder, 'locustfile.py', locustScript(shape)), '--headless', '--json'],
            ...['-u', `${shape.connections}`, '-r', `${shape.connections}`, '-t', `${shape.seconds}s`],
            ...['--host', new URL(shape.url).origin],
          ],
        },
};

export const peers = { wrk, ab, hey, oha, autocannon, k6, locust } satisfies Record<string, Peer>;
export type PeerName = keyof typeof peers;
