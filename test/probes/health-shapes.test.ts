// Every shape of health answer that is in use, as a table: status, content type, body, and what is read from it.
import { expect, test } from 'vitest';
import { type HealthReading, readHealth } from '../../source/probes/health-shapes.ts';

interface Row {
  readonly name: string;
  readonly status?: number;
  readonly type?: string;
  readonly body: string | object;
  readonly expected: Partial<HealthReading>;
}

const read = ({ status = 200, type, body }: Row): HealthReading =>
  typeof body === 'string'
    ? readHealth(status, type ?? 'text/plain', body)
    : readHealth(status, type ?? 'application/json', JSON.stringify(body));

const rows: Row[] = [
  { name: 'a bare OK', body: 'OK\n', expected: { state: 'ok', word: 'OK', checks: [] } },
  { name: 'an empty 204', status: 204, body: '', expected: { state: 'ok', word: '204 no content' } },
  { name: 'ASP.NET plain, healthy', body: 'Healthy', expected: { state: 'ok', word: 'Healthy' } },
  { name: 'ASP.NET plain, degraded', body: 'Degraded', expected: { state: 'degraded', word: 'Degraded' } },
  { name: 'ASP.NET plain, unhealthy', status: 503, body: 'Unhealthy', expected: { state: 'down', word: 'Unhealthy' } },
  {
    name: 'the green page of Rails',
    type: 'text/html',
    body: '<!DOCTYPE html><html><body style="background-color: green"></body></html>',
    expected: { state: 'ok', word: '200 OK' },
  },
  {
    name: 'its red page',
    status: 500,
    type: 'text/html',
    body: '<html><body style="background-color: red"></body></html>',
    expected: { state: 'down', word: '500 server error' },
  },
  {
    name: 'Spring Actuator with a component down',
    status: 503,
    type: 'application/vnd.spring-boot.actuator.v3+json',
    body: JSON.stringify({
      status: 'DOWN',
      components: {
        db: { status: 'UP', details: { database: 'PostgreSQL' } },
        diskSpace: { status: 'UP', details: { total: 1000, free: 400, threshold: 10, exists: true } },
        broker: { status: 'DOWN', components: { kafka: { status: 'DOWN', details: { error: 'timeout' } } } },
      },
    }),
    expected: {
      state: 'down',
      word: 'DOWN',
      checks: [
        { name: 'db', state: 'ok', word: 'UP' },
        { name: 'diskSpace', state: 'ok', word: 'UP' },
        { name: 'broker', state: 'down', word: 'DOWN' },
        { name: 'broker/kafka', state: 'down', word: 'DOWN timeout' },
      ],
      pairs: [{ name: 'diskSpace', used: 600, limit: 1000 }],
    },
  },
  {
    name: 'Spring out of service',
    status: 503,
    body: { status: 'OUT_OF_SERVICE' },
    expected: { state: 'down', word: 'OUT_OF_SERVICE' },
  },
  {
    name: 'Terminus with an error',
    status: 503,
    body: {
      status: 'error',
      info: { redis: { status: 'up' } },
      error: { mongodb: { status: 'down', message: 'connection refused' } },
      details: { redis: { status: 'up' }, mongodb: { status: 'down', message: 'connection refused' } },
    },
    expected: {
      state: 'down',
      checks: [
        { name: 'redis', state: 'ok', word: 'up' },
        { name: 'mongodb', state: 'down', word: 'down connection refused' },
      ],
    },
  },
  { name: 'Terminus on its way out', status: 503, body: { status: 'shutting_down' }, expected: { state: 'down' } },
  {
    name: 'health+json with warnings',
    type: 'application/health+json',
    body: JSON.stringify({
      status: 'warn',
      version: '1',
      checks: {
        'cpu:utilization': [{ observedValue: 85, observedUnit: 'percent', status: 'warn', output: 'busy' }],
        uptime: [{ observedValue: 1209600.245, observedUnit: 's', status: 'pass' }],
      },
    }),
    expected: {
      state: 'degraded',
      word: 'warn',
      checks: [
        { name: 'cpu:utilization', state: 'degraded', word: 'warn busy' },
        { name: 'uptime', state: 'ok', word: 'pass' },
      ],
      numbers: [{ name: 'cpu:utilization', value: 85 }],
      uptimeSeconds: 1209600.245,
    },
  },
  {
    name: 'MicroProfile',
    body: { status: 'UP', checks: [{ name: 'queue', status: 'UP', data: { depth: 4 } }, { status: 'DOWN' }] },
    expected: {
      state: 'ok',
      checks: [
        { name: 'queue', state: 'ok', word: 'UP' },
        { name: 'check 2', state: 'down', word: 'DOWN' },
      ],
    },
  },
  {
    name: 'ASP.NET HealthChecks.UI',
    body: {
      status: 'Degraded',
      totalDuration: '00:00:00.01',
      entries: { sql: { status: 'Degraded', description: 'slow', duration: '00:00:00.01', tags: [] } },
    },
    expected: { state: 'degraded', checks: [{ name: 'sql', state: 'degraded', word: 'Degraded slow' }] },
  },
  {
    name: "Kubernetes' verbose lines",
    status: 500,
    body: '[+]ping ok\n[+]log ok\n[-]etcd failed: reason withheld\nhealthz check failed',
    expected: {
      state: 'down',
      word: 'failed',
      checks: [
        { name: 'ping', state: 'ok', word: 'ok' },
        { name: 'log', state: 'ok', word: 'ok' },
        { name: 'etcd', state: 'down', word: 'failed: reason withheld' },
      ],
    },
  },
  {
    name: "a service's own JSON with a buffer",
    body: {
      status: 'ok',
      uptime: 93_600,
      buffer: { size: 812, capacity: 1000, dropped: 3 },
      mongodb: 'connected',
      kafka: { connected: false, error: 'no broker' },
    },
    expected: {
      state: 'ok',
      word: 'ok',
      uptimeSeconds: 93_600,
      checks: [
        { name: 'mongodb', state: 'ok', word: 'connected' },
        { name: 'kafka', state: 'down', word: 'down no broker' },
      ],
      pairs: [{ name: 'buffer', used: 812, limit: 1000 }],
      numbers: [{ name: 'buffer.dropped', value: 3 }],
    },
  },
  {
    name: 'flat camel case with a maximum in front',
    body: { ok: true, bufferSize: 7, bufferCapacity: 10, maxConnections: 100, connections: 98, uptimeMs: 1500 },
    expected: {
      state: 'ok',
      uptimeSeconds: 1.5,
      pairs: [
        { name: 'buffer', used: 7, limit: 10 },
        { name: 'connections', used: 98, limit: 100 },
      ],
      numbers: [],
    },
  },
  {
    name: 'no word of its own, one dependency down',
    body: { redis: { status: 'down' }, db: { status: 'up' } },
    expected: { state: 'degraded', word: '200 OK' },
  },
  { name: 'a word one level down', body: { data: { status: 'healthy' } }, expected: { state: 'ok', word: 'healthy' } },
  { name: 'a word nobody knows', body: { status: 'purple' }, expected: { state: 'unknown', word: 'purple' } },
  { name: 'a degraded 503', status: 503, body: { status: 'degraded' }, expected: { state: 'degraded' } },
  {
    name: 'a 503 that says ok',
    status: 503,
    body: { status: 'ok' },
    expected: { state: 'down', word: '503 unavailable, though it says ok' },
  },
  { name: 'a 404', status: 404, body: 'not found', expected: { state: 'unknown', word: '404 not found' } },
  { name: 'a 401 with a word', status: 401, body: { status: 'error' }, expected: { state: 'unknown' } },
  { name: 'a 403', status: 403, body: '', expected: { state: 'unknown', word: '403 forbidden' } },
  { name: 'a redirect', status: 302, body: '', expected: { state: 'unknown', word: '302' } },
  { name: 'too many requests', status: 429, body: 'slow down', expected: { state: 'unknown' } },
  { name: 'a JSON string', type: 'application/json', body: '"UP"', expected: { state: 'ok', word: 'UP' } },
  { name: 'a JSON boolean', type: 'application/json', body: 'false', expected: { state: 'down' } },
  { name: 'cut JSON', type: 'application/json', body: '{"status": "DOW', expected: { state: 'ok', word: '200 OK' } },
  { name: 'Spring that does not know', body: { status: 'UNKNOWN' }, expected: { state: 'unknown', word: 'UNKNOWN' } },
  {
    name: 'health+json that fails',
    status: 503,
    type: 'application/health+json',
    body: JSON.stringify({ status: 'fail', checks: { 'db:time': [{ status: 'fail', output: 'timeout' }] } }),
    expected: { state: 'down', checks: [{ name: 'db:time', state: 'down', word: 'fail timeout' }] },
  },
  {
    name: 'ASP.NET HealthChecks.UI, unhealthy',
    status: 503,
    body: { status: 'Unhealthy', entries: { sql: { status: 'Unhealthy', exception: 'no route' } } },
    expected: { state: 'down', checks: [{ name: 'sql', state: 'down', word: 'Unhealthy no route' }] },
  },
  {
    name: 'connections by words and by booleans',
    body: {
      mongodb: 'Connected',
      redis: 'disconnected',
      nats: 'reconnecting',
      mq: { connected: true },
      kafkaConnected: false,
    },
    expected: {
      state: 'degraded',
      checks: [
        { name: 'mongodb', state: 'ok', word: 'Connected' },
        { name: 'redis', state: 'down', word: 'disconnected' },
        { name: 'nats', state: 'degraded', word: 'reconnecting' },
        { name: 'mq', state: 'ok', word: 'ok' },
        { name: 'kafkaConnected', state: 'down', word: 'down' },
      ],
    },
  },
  { name: 'gRPC style', body: { status: 'NOT_SERVING' }, expected: { state: 'down' } },
  { name: 'etcd', body: { health: 'true', reason: '' }, expected: { state: 'ok' } },
  { name: 'a cluster that is yellow', body: { status: 'yellow', number_of_nodes: 1 }, expected: { state: 'degraded' } },
  {
    name: 'an uptime in words of its own, numbers that are none and a zero with a sign',
    body: '{"status":"ok","uptimeSeconds":"12.5s","a":1e400,"b":-0,"c":-1e400,"__proto__":{"status":"down","n":2}}',
    type: 'application/json',
    expected: {
      state: 'ok',
      uptimeSeconds: 12.5,
      checks: [{ name: '__proto__', state: 'down', word: 'down' }],
      numbers: [
        { name: 'b', value: 0 },
        { name: '__proto__.n', value: 2 },
      ],
    },
  },
  {
    name: 'escape sequences in every text',
    body: { status: '\u001b[2Jok', deps: 1, 'db\u0007': { status: 'down', error: '\u001b]0;x\u0007bad' } },
    expected: { word: '[2Jok', checks: [{ name: 'db', state: 'down', word: 'down ]0;x bad' }] },
  },
];

test.each(rows)('reads $name', (row) => {
  expect(read(row)).toMatchObject(row.expected);
});

test('bounds what a hostile answer can make of it', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`c${n}`, { status: 'up', n }]));
  let deep: object = { n: 1 };
  for (let level = 0; level < 500; level += 1) deep = { deep };
  const reading = readHealth(200, 'application/json', JSON.stringify({ status: 'ok', ...many, deep }));
  expect(reading.checks.length).toBe(200);
  expect(reading.numbers.length).toBeLessThanOrEqual(300);
});

test('a password in the word of a check is not shown', () => {
  const { checks } = readHealth(
    503,
    'application/json',
    '{"status":"down","checks":{"db":{"status":"down","error":"refused by mongodb://admin:hunter2@db:27017"}}}',
  );
  expect(checks).toMatchObject([{ name: 'db', word: expect.stringContaining('admin:***@db:27017') }]);
});
