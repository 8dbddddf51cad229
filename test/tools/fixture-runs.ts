// The runs that are recorded for the frames: what serves them, the profile, and what is done to them at which moment.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DemoTarget, startDemoTarget } from '../helpers/demo-target.ts';
import type { Robot } from '../helpers/robot.ts';
import type { ServiceName } from './fixture-service.ts';
import type { Ports } from './trim-recording.ts';

export interface Scene {
  readonly profile: object;
  readonly ports: Ports;
  /** The demo target, where it serves. */
  readonly demo?: DemoTarget;
  close(): Promise<unknown>;
}

type Act = string | ((stage: { readonly robot: Robot; readonly scene: Scene }) => Promise<void> | void);

export interface FixtureRun {
  readonly name: string;
  readonly set: () => Promise<Scene>;
  readonly flags?: readonly string[];
  /** Its end is kept, and its summary. */
  readonly whole?: true;
  /** At so many ms of the run: keys that are pressed, or something else that is done. */
  readonly acts?: readonly (readonly [at: number, Act])[];
}

const portOf = (url: string): number => Number(/:(\d+)/.exec(url.replace(/^\w+:\/\//, ''))?.[1]);

const event = (name: string, type: string, weight: number) => ({
  name,
  weight,
  steps: [
    {
      post: '/events',
      name: `POST /events  ${name}`,
      json: { type, id: '{{arrival}}', url: '/products' },
      expect: { status: [202] },
    },
  ],
});

/** The demo target with its own MongoDB, and the profile of a run against it. */
const demoScene = async (load: object, knobs: readonly string[] = []): Promise<Scene> => {
  const demo = await startDemoTarget(['--mongo', 'simulated', '--capacity', '200', '--buffer', '2000', ...knobs]);
  const mongo = demo.mongo ?? '';
  return {
    demo,
    ports: { target: portOf(demo.origin), mongo: portOf(mongo) },
    profile: {
      name: 'events',
      target: demo.origin,
      load: { ...load, seed: 42 },
      scenarios: [event('single', 'page_view', 3), event('purchase', 'purchase', 1)],
      probes: { health: '/health', metrics: '/metrics', mongo },
    },
    close: () => demo.stop(),
  };
};

const startService = async (name: ServiceName): Promise<{ port: number; close(): Promise<void> }> => {
  const entry = fileURLToPath(new URL('./fixture-service.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, name], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    port: Number(line),
    close: async () => {
      const over = once(child, 'exit');
      child.stdin.end();
      await over;
    },
  };
};

/** A port on which nobody listens. */
const closedPort = async (): Promise<number> => {
  const server = net.createServer();
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const address = server.address();
  await new Promise((done) => {
    server.close(done);
  });
  return typeof address === 'object' && address ? address.port : 0;
};

/** One of the services, and the profile of a run against it. */
const scene = async (
  service: ServiceName,
  profile: { readonly name: string; readonly load: object },
): Promise<Scene> => {
  const { port, close } = await startService(service);
  const { load, ...rest } = profile;
  return {
    ports: { target: port },
    profile: { target: `http://127.0.0.1:${port}`, load: { ...load, seed: 42 }, ...rest },
    close,
  };
};

const proxyScene = (): Promise<Scene> => {
  const profile = {
    name: 'shop-through-the-edge',
    load: { rate: 60 },
    scenarios: [
      { name: 'look', weight: 4, steps: [{ get: '/products' }] },
      { name: 'buy', weight: 1, steps: [{ post: '/orders', json: { id: '{{arrival}}' } }] },
    ],
    probes: { health: '/health' },
  };
  return scene('edge', profile);
};

const probesFailingScene = async (): Promise<Scene> => {
  const closed = await closedPort();
  const profile = {
    name: 'orders',
    load: { rate: 100 },
    steps: [{ get: '/orders' }],
    probes: {
      health: `http://127.0.0.1:${closed}/health`,
      metrics: '/metrics',
      mongo: `mongodb://127.0.0.1:${closed}/?serverSelectionTimeoutMS=500`,
    },
  };
  const made = await scene('maintained', profile);
  return { ...made, ports: { ...made.ports, closed } };
};

const manyEndpointsScene = (): Promise<Scene> => {
  const things = ['orders', 'customers', 'invoices', 'products', 'shipments', 'returns', 'prices', 'stocks'];
  const ways = ['', '/search', '/export', '/{{arrival}}', '/{{arrival}}/lines'];
  const paths = Array.from({ length: 200 }, (_, index) => {
    const thing = things[index % things.length]!;
    const way = ways[Math.floor(index / things.length) % ways.length]!;
    return `/v${1 + Math.floor(index / (things.length * ways.length))}/${thing}${way}`;
  });
  const profile = {
    name: 'catalogue',
    load: { rate: 40 },
    scenarios: paths.map((path, index) => ({
      name: `way ${index + 1}`,
      weight: 1 / (1 + index),
      steps: [{ get: path, name: `GET ${path.replaceAll('{{arrival}}', ':id')}` }],
    })),
    probes: { health: '/health' },
  };
  return scene('catalogue', profile);
};

/** A service whose names are the point. */
const namesScene = (service: ServiceName, name: string, steps: readonly string[]): Promise<Scene> => {
  const profile = {
    name,
    load: { rate: 80 },
    scenarios: steps.map((step, index) => ({
      name: step,
      weight: steps.length - index,
      steps: [{ get: `/${index}`, name: step }],
    })),
    probes: { health: '/health', metrics: '/metrics' },
  };
  return scene(service, profile);
};

const ordersScene = (service: ServiceName, load: object): Promise<Scene> => {
  const profile = {
    name: 'orders',
    load,
    scenarios: [
      { name: 'look', weight: 3, steps: [{ get: '/orders' }] },
      { name: 'place', weight: 1, steps: [{ post: '/orders', json: { id: '{{arrival}}' } }] },
    ],
    probes: { health: '/health', metrics: '/metrics' },
  };
  return scene(service, profile);
};

/** Takes the processor away from the program again and again: what a machine that is too small does. */
const starve = async ({ robot }: { readonly robot: Robot }): Promise<void> => {
  for (let turn = 0; turn < 60; turn += 1) {
    robot.kill('SIGSTOP');
    await sleep(120);
    robot.kill('SIGCONT');
    await sleep(200);
  }
};

export const fixtureRuns: readonly FixtureRun[] = [
  { name: 'healthy', set: () => demoScene({ rate: 100 }), whole: true },
  {
    name: 'ramp',
    set: () => demoScene({ stages: [{ '15s': 20 }, { '40s': 180 }, { '1m': 180 }] }),
  },
  {
    name: 'overload-429',
    set: () => demoScene({ rate: 100 }, ['--buffer', '1500']),
    acts: [
      [25_000, '>'],
      [32_000, '>'],
      [44_000, ':mark buffer\r'],
    ],
  },
  { name: 'proxy-524', set: proxyScene, flags: ['--connections', '200'] },
  {
    name: 'target-down',
    set: () => demoScene({ rate: 100 }),
    acts: [
      [
        42_000,
        async ({ scene }) => {
          await scene.demo?.stop();
        },
      ],
    ],
  },
  { name: 'probes-failing', set: probesFailingScene },
  { name: 'generator-saturated', set: () => ordersScene('steady', { rate: 200 }), acts: [[40_000, starve]] },
  {
    name: 'paused',
    set: () => demoScene({ rate: 100 }),
    acts: [
      [30_000, '++'],
      [50_000, 'p'],
    ],
  },
  {
    name: 'closed-model',
    set: () => ordersScene('slow', { users: 2, spawnRate: 1 }),
    acts: [
      [20_000, ':users 4\r'],
      [40_000, ':spawn 0.5\r'],
      [45_000, ':users 8\r'],
    ],
  },
  { name: 'endpoints-200', set: manyEndpointsScene },
  {
    name: 'long-names',
    set: () =>
      namesScene('longNames', 'checkout-regression-after-the-migration-of-the-payment-provider-in-the-second-quarter', [
        'POST /v3/customers/:customer/orders/:order/lines/:line/discounts/:discount/confirmations',
        'GET /v3/customers/:customer/orders?include=lines,discounts,payments,shipments&sort=-created_at&page=1',
        'PUT /v3/warehouses/:warehouse/shelves/:shelf/compartments/:compartment/reservations/:reservation',
      ]),
    acts: [
      [30_000, ':'],
      [30_300, 'mark the moment at which the second availability zone was taken out of the load balancer\r'],
    ],
  },
  {
    name: 'other-scripts',
    set: () =>
      namesScene('otherScripts', '注文サービス 🛒 Größe', [
        'GET /заказы',
        'GET /商品検索',
        'POST /الطلبات',
        'GET /cafe\u0301 ☕',
        'GET /주문 👩‍💻 🇩🇪',
      ]),
    acts: [[30_000, ':mark キャッシュ 🔥\r']],
  },
];
