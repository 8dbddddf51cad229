// Names become addresses before the run; what cannot be resolved is said so that it can be mended.

import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { resolveName, sameAddresses } from '../../source/engine/names.ts';
import type { Address } from '../../source/engine/protocol.ts';

const v4 = (address: string): Address => ({ address, family: 4 });
const v6 = (address: string): Address => ({ address, family: 6 });

describe('a host', () => {
  it.each([
    ['127.0.0.1', v4('127.0.0.1')],
    ['::1', v6('::1')],
  ])('%s is its own address', async (host, address) => {
    expect(await resolveName(host)).toEqual([address]);
  });

  it('localhost is one or more loopback addresses, each with its family', async () => {
    const found = await resolveName('localhost');
    expect(found.length).toBeGreaterThan(0);
    for (const { address, family } of found) expect(address).toMatch(family === 4 ? /^127\./ : /^::1$/);
  });

  it('has only addresses of the family that was asked for', async () => {
    expect(await resolveName('127.0.0.1', 4)).toEqual([v4('127.0.0.1')]);
    expect((await resolveName('localhost', 4)).every(({ family }) => family === 4)).toBe(true);
    await expect(resolveName('127.0.0.1', 6)).rejects.toMatchObject({
      message: '"127.0.0.1" has no IPv6 address',
      hint: 'leave -6 out, or name a host that has one',
      exitCode: 1,
    });
    await expect(resolveName('::1', 4)).rejects.toThrow('"::1" has no IPv4 address');
  });

  it('that no resolver can know ends the run with 1, a reason and a hint', async () => {
    const failure = await resolveName(`${'a'.repeat(70)}.invalid`).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({ exitCode: 1, hint: expect.stringContaining('spelling') });
    expect((failure as UserError).message).toMatch(/^cannot resolve the name "a+\.invalid" \([A-Z_]+\)$/);
  });
});

describe('two resolutions', () => {
  it.each<[readonly Address[], readonly Address[], boolean]>([
    [[], [], true],
    [[v4('10.0.0.1')], [v4('10.0.0.1')], true],
    [[v4('10.0.0.1'), v6('::1')], [v6('::1'), v4('10.0.0.1')], true],
    [[v4('10.0.0.1')], [v4('10.0.0.2')], false],
    [[v4('10.0.0.1')], [v4('10.0.0.1'), v4('10.0.0.2')], false],
    [[v4('10.0.0.1')], [], false],
  ])('%o and %o are the same: %s', (a, b, same) => {
    expect(sameAddresses(a, b)).toBe(same);
    expect(sameAddresses(b, a)).toBe(same);
  });
});
