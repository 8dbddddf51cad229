import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shippedProfiles } from '../../source/commands/effective-profile.ts';
import { main } from '../../source/commands/main.ts';
import type { Io } from '../../source/commands/terminal.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-check-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (content: string, name = 'p.yaml'): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

interface Said {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const say = async (argv: readonly string[], env: Record<string, string> = {}): Promise<Said> => {
  let out = '';
  let error = '';
  const io = {
    stdin: {},
    stdout: { columns: 80, write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (error += text) },
    env,
  } as unknown as Io;
  const code = await main(argv, io);
  return { code, out, error };
};

const whole = `
name: orders
description: orders and looks
target: http://localhost:3000
variables:
  RATE: { default: 50, alias: RPS, description: per second }
  TOKEN: { secret: true, description: from your account page }
  GIVEN: { secret: true }
headers: { Authorization: "Bearer \${TOKEN}", X-Key: "\${GIVEN}" }
load: { stages: [10s: "\${RATE}", 20s: "\${RATE}"] }
scenarios:
  - { name: look, weight: 1, steps: [get: /orders] }
  - { name: order, weight: 3, steps: [post: /orders, get: /orders/1] }
objectives: [p99<300ms, errors<1%]
probes: { health: /health, mongo: "mongodb://me:hush@localhost" }
`;

describe('check', () => {
  test('shows the plan as a chart and as numbers, and says where variables have their values from', async () => {
    const { code, out, error } = await say(['check', write(whole), '--set', 'RATE=100'], { GIVEN: 'hush' });
    expect([code, error]).toEqual([0, '']);
    expect(out).not.toContain('hush');
    expect(`\n${out}`).toMatchInlineSnapshot(`
      "
      orders: orders and looks

        arrivals a second
        100 ┤                     ⢀⡠⠒⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉
            │                  ⢀⡠⠒⠁
            │               ⢀⠤⠒⠁
            │            ⢀⠤⠊⠁
         50 ┤         ⣀⠤⠊⠁
            │      ⣀⠔⠊
            │   ⣀⠔⠊
          0 ┤⡠⠔⠉
            └────────────┬───────────┬───────────┬───────────┬───────────┬────────────
             0          5s          10s         15s         20s         25s        30s

        target       http://localhost:3000
        load         up to 100/s (open model: whether the target answers or not)
        ends         after 30 s
        expected     4,375 requests in 2,500 iterations
        peak         100/s
        sends        25.0 %  look: GET /orders
                     75.0 %  order: POST /orders, GET /orders/1
        connections  up to 1,000, 1,000 in flight at the most
        workers      1
        objectives   p99<300ms
                     errors<1%
        probes       health http://localhost:3000/health
                     mongo mongodb://me:***@localhost
        variables    RATE   100  from --set  (per second; also RPS)
                     TOKEN  secret, not set  (from your account page)
                     GIVEN  secret, set from the environment
      "
    `);
  });

  test('says in which words a run is judged, and how many users keep to which scenario', async () => {
    const profile = whole.replace(/load: .*/, 'load: { users: 30, choose: user }\nbands: gateway');
    const { out } = await say(['check', write(profile), '-u', '10']);
    expect(out).toMatch(/sends +2 users {2}look: GET .*\n +8 users {2}order: POST/);
    expect(out).toMatch(/bands +gateway: the worst figure decides\n +good +requests>100\/s, mean<200ms, errors<1%\n/);
    expect(JSON.parse((await say(['check', write(profile), '--json'])).out)).toMatchObject({
      bands: { name: 'gateway', words: [{ word: 'good' }, { word: 'acceptable' }, { word: 'below acceptable' }, {}] },
      scenarios: [{ users: 7 }, { users: 23 }],
    });
  });

  test('says what is sent once before the load and after it, and what is removed', async () => {
    const framed = `target: http://localhost:3000
setup: [{ post: /login, capture: { token: $.token } }]
teardown: [{ post: /logout }]
steps:
  - { post: /things, capture: { id: $.id }, creates: { delete: "/things/{{id}}" } }
  - { get: "/things/{{id}}" }
`;
    const { out, error } = await say(['check', write(framed)]);
    expect(error).toBe('');
    expect(out.split('\n').filter((line) => /^ {2}(before|sends|removes|after) /.test(line))).toEqual([
      '  before       POST /login',
      '  sends        POST /things, GET /things/{{id}}',
      '  removes      DELETE /things/{{id}}, where no step of the run does',
      '  after        POST /logout',
    ]);
    const { out: json } = await say(['check', write(framed), '--json']);
    expect(JSON.parse(json)).toMatchObject({
      setup: ['POST /login'],
      teardown: ['POST /logout'],
      removes: ['DELETE /things/{{id}}'],
    });
  });

  test('says that loads beside the main one send more', async () => {
    const profile = whole.replace('name: look, weight: 1', 'name: look, load: { rate: 10 }');
    const { out } = await say(['check', write(profile)]);
    expect(out).toContain('expected     2,500 requests in 1,250 iterations, and those of the loads beside\n');
  });

  test('says how long those beside a burst are alone', async () => {
    const { out } = await say(['check', 'batch-insert-mixed', '--set', 'alone=20s', '--set', 'max_requests=50']);
    expect(out).toContain('load         2 bursts of 25, 50, the first after 20 s (');
    expect(out).toContain('  beside  ');
  });

  test('says how many machines a rate takes that this one cannot carry', async () => {
    const { out } = await say(['check', 'events-full', '--set', 'RATE=5M']);
    expect(out).toMatch(
      /note +5,000,000 requests\/s \(311,000,000 events\/s\) wanted at the highest; this machine carries about [\d,]+\/s by estimate: about [\d,]+ machines like it are needed/,
    );
    const report = async (...args: readonly string[]) =>
      JSON.parse((await say(['check', ...args, '--json'])).out) as { readonly machines: number | null };
    expect((await report('events-full', '--set', 'RATE=5M')).machines).toBeGreaterThan(20);
    expect((await report('events-full', '--set', 'RATE=100')).machines).toBe(1);
    expect((await report('gateway-light')).machines).toBeNull();
  });

  test('takes flags as a run does', async () => {
    const { out } = await say(['check', write(whole), '-u', '20', '--spawn-rate', '5', '-z', '60']);
    expect(out).toMatch(/load +20 users, 5 more each second \(closed model/);
    expect(out).toMatch(/expected +as many requests as the target answers/);
    expect((await say(['check', write(whole), '--burst', '10x3'])).out).toMatch(
      /expected +53 requests in 30 iterations/,
    );
    expect((await say(['check', write(whole), '-q', 'max', '-n', '8', '-z', '0'])).out).toMatch(/after 8 iterations/);
  });

  test('as JSON has the same in one object', async () => {
    const { out } = await say(['check', write(whole), '--json'], { GIVEN: 'hush', RPS: '10' });
    expect(out).not.toContain('hush');
    expect(JSON.parse(out)).toMatchObject({
      name: 'orders',
      model: 'open',
      iterations: 250,
      requests: 438,
      peak: 10,
      variables: [
        { name: 'RATE', value: '10', from: 'the environment', aliases: ['RPS'] },
        { name: 'TOKEN', value: null, from: null, secret: true },
        { name: 'GIVEN', value: null, from: 'the environment', secret: true },
      ],
    });
  });

  test('of a profile with faults names every one of them, and ends as wrong use', async () => {
    const keys = [...'abcdefgh'].map((key) => `${key}${key}${key}: 1\n`).join('');
    const { code, out, error } = await say(['check', write(`target: http://localhost\nsteps: [get: /]\n${keys}`)]);
    expect([code, out]).toEqual([2, '']);
    expect(error.trimEnd().split('\n')).toHaveLength(8);
  });

  test('names templates that are none, and files that are not there', async () => {
    const head = 'target: http://localhost\n';
    expect((await say(['check', write(`${head}steps: [get: "/{{nope}}"]`)])).error).toMatch(/nope/);
    const two = `${head}steps: [get: "/{{nope}}", get: /, get: "/{{uiid}}"]`;
    expect((await say(['check', write(two)])).error.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^loadtop: \S+:2:9 {2}steps\[0\]\.get: found \{\{nope\}\}/),
      expect.stringMatching(/^\S+:2:35 {2}steps\[2\]\.get: found .*did you mean \{\{uuid\}\}/),
    ]);
    const tls = `${head}connection: { cacert: gone.pem }\nsteps: [get: /]`;
    expect(await say(['check', write(tls)])).toMatchObject({ code: 2, error: expect.stringMatching(/gone\.pem/) });
  });

  test.each(shippedProfiles())('carries out the shipped %s', async (name) => {
    const { code, out } = await say(['check', name]);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^${name}: `));
  });

  test('without a profile is wrong use', async () => {
    expect(await say(['check'])).toMatchObject({ code: 2, error: expect.stringMatching(/found no profile/) });
    expect(await say(['check', 'user'])).toMatchObject({
      code: 2,
      error: expect.stringMatching(/did you mean users\?/),
    });
  });
});

describe('profiles', () => {
  test('lists the shipped ones with load, duration and description', async () => {
    const { code, out } = await say(['profiles']);
    expect(code).toBe(0);
    const lines = out.split('\n');
    for (const name of shippedProfiles()) expect(lines.some((line) => line.startsWith(`${name} `))).toBe(true);
    expect(out).toMatch(/^burst +5 bursts of 1,000 +its rounds +1,000 events at once, five times$/m);
    expect(out).toMatch(/^users +up to 100 users, 10 more each second +2m 1s +/m);
  });

  test('has a load and a description for each', async () => {
    const rows = JSON.parse((await say(['profiles', '--json'])).out);
    expect(rows.map(({ name }: { name: string }) => name)).toEqual(shippedProfiles());
    for (const row of rows) for (const text of Object.values(row)) expect(text).not.toBe('');
  });

  test('takes no flags of a run', async () => {
    expect(await say(['profiles', '-q', '5'])).toMatchObject({ code: 2, error: expect.stringMatching(/only lists/) });
    expect(await say(['profiles', 'x'])).toMatchObject({ code: 2 });
    expect(await say(['profiles'], { LOADTOP_RATE: 'x' })).toMatchObject({ code: 0 });
  });
});
