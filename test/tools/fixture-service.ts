// The services behind the recorded runs, each an HTTP server that answers the load as its script says and tells of itself
// at /health and /metrics. Started as `node fixture-service.ts NAME` it is a process of its own, as a target is; it prints
// its port, and ends with its stdin.

import http from 'node:http';

/** What is answered to a request of the load. */
interface Answer {
  readonly status: number;
  readonly afterMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface ServiceScript {
  /** The answer to request `n` of the load, `at` ms after the first one. */
  readonly answer: (asked: { readonly n: number; readonly at: number; readonly path: string }) => Answer;
  /** What /health says; undefined for 404. */
  readonly health?: (at: number) => { readonly status: number; readonly body: object };
  /** Prometheus text; undefined for 404. `answered` counts requests by status. */
  readonly metrics?: (at: number, answered: ReadonlyMap<number, number>) => string;
}

/** A cheap spread around a middle: most answers near it, a few far above, the same ones each time. */
const spreadMs = (n: number, middle: number): number => {
  const turn = (n * 0.618_033_988_749) % 1;
  return middle * (turn < 0.94 ? 0.7 + turn * 0.7 : 1.5 + (turn - 0.94) * 40);
};

const serve = ({ answer, health, metrics }: ServiceScript): void => {
  let n = 0;
  let began: number | undefined;
  const answered = new Map<number, number>();
  const since = (): number => performance.now() - (began ?? performance.now());
  const reply = (response: http.ServerResponse, status: number, headers: http.OutgoingHttpHeaders, body: string) => {
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  };
  const server = http.createServer((request, response) => {
    const path = request.url ?? '/';
    request.resume();
    if (path === '/health') {
      const said = health?.(since());
      if (said === undefined) reply(response, 404, {}, 'not found');
      else reply(response, said.status, { 'content-type': 'application/json' }, JSON.stringify(said.body));
      return;
    }
    if (path === '/metrics') {
      if (metrics === undefined) reply(response, 404, {}, 'not found');
      else reply(response, 200, { 'content-type': 'text/plain; version=0.0.4' }, metrics(since(), answered));
      return;
    }
    began ??= performance.now();
    const { status, afterMs, headers = {}, body = 'ok' } = answer({ n, at: since(), path });
    n += 1;
    setTimeout(() => {
      answered.set(status, (answered.get(status) ?? 0) + 1);
      reply(response, status, { ...headers }, body);
    }, afterMs);
  });
  server.keepAliveTimeout = 60_000;
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
    const address = server.address();
    process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`);
  });
  process.stdin.resume().on('end', () => process.exit(0));
};

/** A service with steady answers, at /health and /metrics as well. */
const steady = (
  middleMs: number,
  names: { readonly check: string; readonly family: string; readonly label: string },
): ServiceScript => ({
  answer: ({ n }) => ({ status: n % 61 === 60 ? 404 : 200, afterMs: spreadMs(n, middleMs) }),
  health: (at) => ({
    status: 200,
    body: {
      status: 'ok',
      uptime: 86_400 + at / 1000,
      checks: { [names.check]: { status: 'ok' }, database: { status: 'ok' } },
    },
  }),
  metrics: (at, answered) =>
    [
      `# TYPE ${names.family}_total counter`,
      ...[...answered].map(([code, count]) => `${names.family}_total{code="${code}",${names.label}} ${count}`),
      `# TYPE ${names.family}_queue gauge`,
      `${names.family}_queue{${names.label}} ${Math.round(20 + 15 * Math.sin(at / 9000))}`,
      '',
    ].join('\n'),
});

const quiet = { check: 'cache', family: 'orders', label: 'shop="main"' };

const cloudflare = {
  server: 'cloudflare',
  'cf-ray': '8c5d3f2e1a0b9c8d-FRA',
  'cache-control': 'private, max-age=0, no-store',
  'content-type': 'text/plain; charset=UTF-8',
};

const services = {
  steady: steady(12, quiet),
  slow: steady(40, quiet),
  /** A proxy before a service that takes longer and longer, until the proxy gives up on it. */
  edge: {
    answer: ({ n, at }) =>
      at > 25_000 && n % 5 < 3
        ? { status: 524, afterMs: 3000, headers: cloudflare, body: 'error code: 524' }
        : { status: 200, afterMs: spreadMs(n, at > 20_000 ? 400 : 60), headers: cloudflare },
    health: (at) =>
      at > 30_000
        ? { status: 503, body: { status: 'degraded', checks: { database: { status: 'down' } } } }
        : { status: 200, body: { status: 'ok', checks: { database: { status: 'ok' } } } },
  },
  /** Its metrics become something else. */
  maintained: {
    answer: ({ n }) => ({ status: 200, afterMs: spreadMs(n, 20) }),
    metrics: (at) => (at > 30_000 ? '<html>maintenance</html>' : 'orders_total 12\nqueue_depth 4\n'),
  },
  catalogue: {
    answer: ({ n, path }) => ({ status: n % 40 === 39 ? 503 : 200, afterMs: spreadMs(n, 4 * (1 + (path.length % 9))) }),
    health: () => ({ status: 200, body: { status: 'ok' } }),
  },
  longNames: steady(18, {
    check: 'connection-pool-of-the-replicated-payment-provider-in-the-second-availability-zone',
    family: 'order_processing_pipeline_stage_confirmation_messages_waiting_for_acknowledgement',
    label: 'warehouse="the-large-one-behind-the-motorway-exit-number-seventeen",pipeline="confirmation-of-discounts"',
  }),
  otherScripts: steady(18, { check: '데이터베이스 ✅', family: 'orders', label: 'shop="東京🗼",city="Москва"' }),
} as const satisfies Readonly<Record<string, ServiceScript>>;

export type ServiceName = keyof typeof services;

if (import.meta.main) {
  const name = process.argv[2] ?? '';
  const script = Object.entries(services).find(([known]) => known === name)?.[1];
  if (script === undefined)
    throw new Error(`found the service "${name}", expected ${Object.keys(services).join(', ')}`);
  serve(script);
}
