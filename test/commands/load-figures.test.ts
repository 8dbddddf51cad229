// What the checks before a load know of it: its figures, the steps that may be sent once, the ports it takes.

import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { figuresOf, firstPath, portUseOf, stepsToSend, whyNoneIsSent } from '../../source/commands/load-figures.ts';
import { planBeside } from '../../source/commands/plan-beside.ts';
import { planRun } from '../../source/commands/plan-run.ts';
import { compile } from '../../source/profile/compile.ts';
import { completeProfile, type ProfileDraft } from '../../source/profile/defaults.ts';
import type { Step } from '../../source/profile/profile.ts';

const step = (method: string, path: string, over: Partial<Step> = {}): Step => ({
  name: `${method} ${path}`,
  method,
  path,
  headers: [],
  body: undefined,
  expectStatus: undefined,
  ...over,
});

const of = (steps: readonly Step[], draft: Partial<ProfileDraft> = {}) => {
  const profile = completeProfile({
    name: 'x',
    origin: 'http://localhost',
    scenarios: [{ name: 'a', weight: 1, steps }],
    ...draft,
  });
  const compiled = compile(profile, { userAgent: 'loadtop/1' });
  const surroundings = { cores: 4, descriptorLimit: undefined, tui: false };
  const plan = planRun(profile, surroundings);
  return { profile, compiled, figures: figuresOf(profile, compiled, plan, planBeside(profile, plan, surroundings)) };
};

describe('the figures of a load', () => {
  it('count requests, not iterations, and the mean of their bodies', () => {
    const { figures } = of([step('GET', '/'), step('POST', '/', { body: 'x'.repeat(100) })], {
      load: { model: 'constant', rate: 300 },
    });
    expect(figures).toMatchObject({
      requestRate: 600,
      bodyBytes: 50,
      connections: 1000,
      needsAll: false,
      keepAlive: true,
    });
  });

  it('are of all loads together, and bodies of the one that is steered', () => {
    const limits = { arrivals: undefined, maxInFlight: undefined, overflow: undefined };
    const own = { load: { model: 'constant', rate: 20 } as const, connections: 5, ...limits };
    const post = step('POST', '/', { body: 'x'.repeat(100) });
    const { figures } = of([], {
      scenarios: [
        { name: 'main', weight: 1, steps: [post] },
        { name: 'beside', weight: 1, steps: [step('GET', '/'), step('GET', '/')], own },
      ],
      load: { model: 'constant', rate: 300 },
      connections: 100,
    });
    expect(figures).toMatchObject({ requestRate: 340, bodyBytes: 100, connections: 105, maxInFlight: 105, workers: 2 });
  });

  it('have the bytes of a file that is sent once, and say whether redirects are followed', () => {
    const path = join(tmpdir(), `loadtop-figures-${process.pid}`);
    writeFileSync(path, 'bytes');
    onTestFinished(() => rmSync(path));
    const payload = {
      type: 'multipart',
      parts: [
        { type: 'file', name: 'f', file: { path, size: 5 }, filename: '{{arrival}}.txt', contentType: 'text/plain' },
      ],
    } as const;
    const { profile, compiled } = of([step('POST', '/', { payload, preflight: true, redirects: 2 })]);
    const [request] = stepsToSend(profile, compiled);
    expect(String(request!.body)).toMatch(/filename="0\.txt"\r\nContent-Type: text\/plain\r\n\r\nbytes\r\n--/);
    expect(request!.follows).toBe(true);
  });

  it('tell what is sent from what is held while it is', () => {
    const payload = { type: 'file', file: { path: '/nowhere', size: 40_000_000 } } as const;
    const { figures } = of([step('POST', '/', { payload }), step('POST', '/', { body: 'x'.repeat(64) })]);
    expect(figures).toMatchObject({ bodyBytes: 20_000_032, heldBytes: 32_800 });
  });

  it('weigh scenarios, and take the highest stage', () => {
    const scenarios = [
      { name: 'a', weight: 3, steps: [step('GET', '/')] },
      { name: 'b', weight: 1, steps: [step('POST', '/', { body: 'x'.repeat(400) })] },
    ];
    const load = {
      model: 'open',
      stages: [
        { lengthMs: 1000, rate: 900 },
        { lengthMs: 1000, rate: 10 },
      ],
    } as const;
    expect(of([], { scenarios, load }).figures).toMatchObject({ requestRate: 900, bodyBytes: 100 });
  });

  it('leave the rate of users to the target, and need a connection for each', () => {
    const { figures } = of([step('GET', '/')], { load: { model: 'closed', users: 200, spawnRate: Infinity } });
    expect(figures).toMatchObject({ requestRate: undefined, connections: 200, needsAll: true });
  });
});

describe('the steps that are sent once', () => {
  const sent = (steps: readonly Step[]) => {
    const { profile, compiled } = of(steps);
    return stepsToSend(profile, compiled);
  };

  it('are none where all that may be sent needs what is not known yet, which is said', () => {
    const steps = [step('GET', '/b', { headers: [['X-Token', '{{token}}']] })];
    const token = { name: 'token', from: { of: 'header', name: 'x-token' }, fallback: undefined } as const;
    const setup = { steps: [step('POST', '/login', { captures: [token] })] };
    const { profile, compiled } = of(steps, { setup });
    expect(stepsToSend(profile, compiled)).toEqual([]);
    expect(whyNoneIsSent(profile)).toMatch(/holds what only a set-up, a step before it or a function tells$/);
    expect(whyNoneIsSent(of([step('POST', '/a')]).profile)).toMatch(/only GET and HEAD are/);
  });

  it('are the first GET or HEAD where none is marked', () => {
    expect(sent([step('POST', '/a'), step('GET', '/b'), step('GET', '/c')])).toMatchObject([{ path: '/b' }]);
    expect(sent([step('POST', '/a'), step('DELETE', '/b')])).toEqual([]);
  });

  it('are those that are marked, with templates filled in and the user agent', () => {
    const marked = step('POST', '/a/{{arrival}}', {
      preflight: true,
      headers: [['X-N', 'n{{arrival}}']],
      body: '{"n":{{arrival}},"s":"ü"}',
      expectStatus: [202],
    });
    const [only, ...more] = sent([step('GET', '/b'), marked]);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ method: 'POST', path: '/a/0', expectStatus: [202] });
    expect(only?.headers).toEqual([
      ['User-Agent', 'loadtop/1'],
      ['X-N', 'n0'],
    ]);
    expect(Buffer.from(only?.body ?? '').toString()).toBe('{"n":0,"s":"ü"}');
  });

  it('are not the first path, which HEAD goes to', () => {
    expect(firstPath(of([step('POST', '/a?b={{arrival}}')]).compiled)).toBe('/a?b=0');
    const code = { module: 'file:///none.ts', name: 'none.ts', functions: [['steps', 0, 'get']] };
    const made = step('GET', '{{function 0}}');
    expect(firstPath(of([made, step('GET', '/known')], { code }).compiled)).toBe('/known');
    expect(firstPath(of([made], { code }).compiled)).toBe('/');
  });
});

describe('the ports of a load', () => {
  it('are those of each address, of loopback only where all are', () => {
    expect(portUseOf(['127.0.0.1', '::1'])).toEqual({ addresses: 2, loopback: true });
    expect(portUseOf(['127.0.0.1', '10.0.0.1'])).toEqual({ addresses: 2, loopback: false });
    expect(portUseOf([]).addresses).toBe(0);
  });
});
