// Serves 50,000 series in one of three shapes, in a process of its own; the numbers move with every look. Prints its port,
// and ends when its stdin does.

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { endWithParent } from './end-with-parent.ts';

const labelsOf = (n: number): string => `shard="${n}",zone="eu-west-${n % 7}",pod="pod-${n}-abcdef"`;

const shapes: Readonly<Record<string, (look: number) => string>> = {
  'many families': (look) =>
    Array.from({ length: 500 }, (_, family) => {
      const lines = Array.from({ length: 100 }, (_, n) => `family_${family}_depth{${labelsOf(n)}} ${look * n}\n`);
      return `# TYPE family_${family}_depth gauge\n${lines.join('')}`;
    }).join(''),
  'one family': (look) => {
    const lines = Array.from({ length: 50_000 }, (_, n) => `queue_depth{${labelsOf(n)}} ${look * n}\n`);
    return `# TYPE queue_depth gauge\n${lines.join('')}`;
  },
  histograms: (look) => {
    const name = 'http_request_duration_seconds';
    const bounds = ['0.01', '0.05', '0.1', '0.5', '1', '5', '10', '+Inf'];
    const routes = Array.from({ length: 5000 }, (_, route) => {
      const labels = `route="/r/${route}",code="200"`;
      const buckets = bounds.map((le) => `${name}_bucket{${labels},le="${le}"} ${look * 100 + route}\n`);
      return `${buckets.join('')}${name}_sum{${labels}} ${look}\n${name}_count{${labels}} ${look * 100 + route}\n`;
    });
    return `# TYPE ${name} histogram\n${routes.join('')}`;
  },
};

const bodies = [1, 2, 3, 4].map((look) => shapes[process.argv[2]!]!(look));
let looks = 0;
const server = http.createServer((_, response) => {
  response.setHeader('content-type', 'text/plain; version=0.0.4');
  response.end(bodies[looks % bodies.length]);
  looks += 1;
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
endWithParent();
