// The target: nginx with one worker, on a free port of loopback, in a folder of its own. It answers 202 to everything, has
// responses of some sizes, what the probes look for, and counts requests.

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, lastLines, start } from './command.ts';

/** Sizes of responses at /size/BYTES. */
export const responseSizes = [1024, 65_536, 1_048_576] as const;

export interface Target {
  readonly origin: string;
  readonly pid: number;
  /** Requests so far, without those that ask. */
  requests(): Promise<number>;
  stop(): Promise<void>;
}

/** A port of loopback that nobody listens to now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

const configuration = (folder: string, port: number): string => `
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
${process.getuid?.() === 0 ? `user ${os.userInfo().username};` : ''}
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 16384; }
http {
  access_log off;
  sendfile on;
  tcp_nodelay on;
  open_file_cache max=100;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  client_max_body_size 0;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port} backlog=8192;
    root ${folder}/root;
    location / { return 202; }
    location /size/ { }
    location = /health { default_type application/json; return 200 '{"status":"ok","uptime":12,"checks":{"database":"ok"}}'; }
    location = /metrics { default_type text/plain; }
    location = /requests { stub_status; }
  }
}
`;

/** A page of metrics about as long as a small service's. */
const metricsPage = (): string => {
  const routes = Array.from({ length: 60 }, (_, n) => `/route/${n}`);
  return [
    '# TYPE http_requests_total counter',
    ...routes.map((route, n) => `http_requests_total{route="${route}",code="200"} ${n * 1000}`),
    '# TYPE process_resident_memory_bytes gauge',
    'process_resident_memory_bytes 12345678',
    '',
  ].join('\n');
};

/** Starts it; undefined where there is no nginx. Throws where it does not come up. */
export const startTarget = async (workFolder: string, cpu: number | undefined): Promise<Target | undefined> => {
  const program = findProgram('nginx');
  if (program === undefined) return undefined;
  const port = await freePort();
  const folder = path.join(workFolder, `nginx-${port}`);
  mkdirSync(path.join(folder, 'root/size'), { recursive: true });
  for (const size of responseSizes) writeFileSync(path.join(folder, `root/size/${size}`), Buffer.alloc(size, 'x'));
  writeFileSync(path.join(folder, 'root/metrics'), metricsPage());
  writeFileSync(path.join(folder, 'nginx.conf'), configuration(folder, port));
  // The worker may be another user than we are, and the folder around was made for us alone.
  chmodSync(workFolder, 0o755);
  const running = start({ file: program, args: ['-p', folder, '-c', path.join(folder, 'nginx.conf')] }, cpu);
  const ended = running.exited.then((exit) => {
    throw new Error(`nginx ended with ${lastLines(exit)}`);
  });
  ended.catch(() => undefined);
  const origin = `http://127.0.0.1:${port}`;
  let asked = 0;
  const requests = async (): Promise<number> => {
    const counted = await counter(`${origin}/requests`);
    asked += 1;
    return counted - asked;
  };
  await Promise.race([ended, until(requests)]);
  return {
    origin,
    pid: running.pid,
    requests,
    stop: async () => {
      running.end();
      await running.exited;
    },
  };
};

/** Waits until something answers; at most 5 s. */
const until = async (ask: () => Promise<unknown>): Promise<void> => {
  for (let tries = 100; ; tries -= 1) {
    try {
      await ask();
      return;
    } catch (error) {
      if (tries === 0) throw error;
      await sleep(50);
    }
  }
};

/** The third number of the third line of stub_status. */
export const parseRequests = (text: string): number => {
  const found = /^\s*\d+\s+\d+\s+(\d+)\s*$/m.exec(text)?.[1];
  if (found === undefined) throw new Error(`no request counter in ${JSON.stringify(text.slice(0, 100))}`);
  return Number(found);
};

const counter = (url: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => {
        try {
          resolve(parseRequests(text));
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on('error', reject);
  });
