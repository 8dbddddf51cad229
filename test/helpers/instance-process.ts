// An instance of a service with as many series as asked for, in a process of its own: /metrics whose counters, gauges and
// histograms move with every look, and /health. Arguments: the number of series, and how many labels change with each look.
// Prints its origin when it listens; ends when its stdin does.

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { endWithParent } from './end-with-parent.ts';

const [wanted = 500, churning = 0] = process.argv.slice(2).map(Number);
const startedAt = Date.now() / 1000;
let looks = 0;

const bounds = ['0.005', '0.01', '0.05', '0.1', '0.5', '1', '+Inf'];

/** A histogram of one route: nine series. */
const histogram = (route: number): string[] => {
  const labels = `method="POST",route="/route/${route}",code="200"`;
  const count = looks * 100 + route;
  return [
    ...bounds.map(
      (le, index) =>
        `http_request_duration_seconds_bucket{${labels},le="${le}"} ${Math.floor((count * (index + 1)) / bounds.length)}`,
    ),
    `http_request_duration_seconds_sum{${labels}} ${count * 0.04}`,
    `http_request_duration_seconds_count{${labels}} ${count}`,
  ];
};

const metrics = (): string => {
  looks += 1;
  const routes = Math.floor(wanted / 2 / 9);
  const lines = [
    '# TYPE process_start_time_seconds gauge',
    `process_start_time_seconds ${startedAt}`,
    '# TYPE process_cpu_seconds_total counter',
    `process_cpu_seconds_total ${looks * 0.4}`,
    '# TYPE buffer_size gauge',
    `buffer_size ${(looks * 37) % 1000}`,
    '# TYPE buffer_capacity gauge',
    'buffer_capacity 1000',
    '# TYPE http_request_duration_seconds histogram',
    ...Array.from({ length: routes }, (_, route) => histogram(route)).flat(),
  ];
  const samples = (): number => lines.filter((line) => !line.startsWith('#')).length;
  lines.push('# TYPE jobs_done_total counter');
  for (let index = 0, room = (wanted - samples()) / 2; index < room; index += 1) {
    lines.push(`jobs_done_total{queue="q${index}"} ${looks * (index + 1)}`);
  }
  lines.push('# TYPE sessions gauge');
  for (let index = 0, room = wanted - samples() - churning; index < room; index += 1) {
    lines.push(`sessions{shard="s${index}"} ${(looks * (index + 3)) % 91}`);
  }
  for (let index = 0; index < churning; index += 1) lines.push(`sessions{shard="gone-${looks}-${index}"} 1`);
  return `${lines.join('\n')}\n`;
};

const health = (): string =>
  JSON.stringify({
    status: 'ok',
    uptime: Date.now() / 1000 - startedAt,
    buffer: { size: (looks * 37) % 1000, capacity: 1000 },
    dependencies: { mongodb: 'connected', kafka: 'up' },
  });

const server = http.createServer((request, response) => {
  const isMetrics = request.url === '/metrics';
  response.setHeader('content-type', isMetrics ? 'text/plain; version=0.0.4' : 'application/json');
  response.end(isMetrics ? metrics() : health());
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
endWithParent();
