// With real processes: what is measured is what they burn, from when the figure counts.

import { describe, expect, it } from 'vitest';
import { cleanEnv, findProgram, pinned, pins, start } from './command.ts';
import { cores, cpuUsPerRequest, measure, RunFailed } from './measure.ts';

const node = (code: string) => ({ file: process.execPath, args: ['-e', code] });
const options = { cpu: undefined, withinMs: 10_000, settleMs: 500 };
/** Source of a function that burns so many ms of CPU time. */
const burn = `const burn = (ms) => {
  const from = process.cpuUsage();
  for (;;) {
    for (let n = 0; n < 1e6; n++);
    const { user, system } = process.cpuUsage(from);
    if (user + system > ms * 1000) return;
  }
};`;
const onLinux = describe.skipIf(process.platform !== 'linux');

onLinux('a measurement', () => {
  it('leaves out what was burnt before its span, and divides by what the target counted', async () => {
    let counted = 0;
    // 250 ms at once, nothing for a while, then 200 ms in a child that has ended when its parent does.
    const child = JSON.stringify(`${burn} burn(200);`);
    const code = `${burn} burn(250);
      setTimeout(() => require('child_process').spawnSync(process.execPath, ['-e', ${child}]), 2500);`;
    const measured = await measure(node(code), {
      ...options,
      settleMs: 1500,
      requests: async () => {
        counted += 1000;
        return counted;
      },
    });
    expect(measured.cpuMs).toBeGreaterThanOrEqual(190);
    // The child's own start and the parent's end are in it, its first 250 ms are not.
    expect(measured.cpuMs).toBeLessThan(420);
    expect(measured.requests).toBe(1000);
    expect(cpuUsPerRequest(measured)).toBeCloseTo(measured.cpuMs, 9);
    expect(cores(measured)).toBeLessThan(1);
    expect(measured.residentBytes).toBeGreaterThan(10e6);
  });

  it('may end before the program does', async () => {
    const code = `${burn} setTimeout(() => burn(300), 1200)`;
    const measured = await measure(node(code), { ...options, untilMs: 900 });
    expect(measured.cpuMs).toBeLessThan(100);
    expect(measured.spanMs).toBeGreaterThan(300);
    expect(measured.spanMs).toBeLessThan(1000);
  });

  it.each([
    ['ends before its span begins', 'process.exit(0)', 'it ended too early with code 0'],
    [
      'ends with a failure',
      'setTimeout(() => { console.error("no such flag"); process.exit(2); }, 800)',
      'no such flag',
    ],
  ])('has no figure of a program that %s', async (_, code, message) => {
    const failed = measure(node(code), options);
    await expect(failed).rejects.toThrow(RunFailed);
    await expect(failed).rejects.toThrow(message);
  });

  it('ends a program that hangs', async () => {
    const failed = measure(node('setInterval(() => {}, 1000)'), { ...options, withinMs: 1000 });
    await expect(failed).rejects.toThrow('it had not ended after 1 s');
  });
});

describe('what is started', () => {
  it('runs on the CPU it was given', async () => {
    const { generator } = pins(true);
    const { exited } = start({ file: 'sh', args: ['-c', 'grep Cpus_allowed_list /proc/self/status'] }, generator);
    const { stdout, code } = await exited;
    expect(code).toBe(0);
    if (generator !== undefined) expect(stdout.trim()).toMatch(new RegExp(`\\s${generator}$`));
  });

  it('has code 127 where there is no such program', async () => {
    expect(await start({ file: '/nonexistent/tool', args: [] }).exited).toMatchObject({ code: 127 });
  });

  it('is not steered by flags in the environment', () => {
    process.env.LOADTOP_RATE = '7';
    try {
      expect(cleanEnv({ A: 'b' })).toMatchObject({ PATH: process.env.PATH, A: 'b' });
      expect(cleanEnv()).not.toHaveProperty('LOADTOP_RATE');
    } finally {
      delete process.env.LOADTOP_RATE;
    }
  });

  it('stays as it is where no CPU is meant', () => {
    const command = { file: 'x', args: ['y'] };
    expect(pinned(command, undefined)).toBe(command);
    expect(pins(false)).toMatchObject({ generator: undefined, target: undefined });
  });

  it('is looked up where system programs are, too', () => {
    expect(findProgram('sh')).toMatch(/\/sh$/);
    expect(findProgram('no-such-program-anywhere')).toBeUndefined();
  });
});
