// Which hosts are resolved and asked about: what sockets are connected to, and the target behind it.

import { describe, expect, it } from 'vitest';
import { isDirect, reach } from '../../source/commands/reach.ts';
import { transportOf } from '../../source/commands/transport.ts';
import { type ConnectionDraft, completeProfile } from '../../source/profile/defaults.ts';

const reached = async (origin: string, connection: ConnectionDraft = {}) => {
  const profile = completeProfile({ name: 'run', origin, scenarios: [], connection });
  const transport = transportOf(profile, 1);
  return { ...(await reach(profile, transport)), direct: isDirect(profile, transport) };
};

describe('the hosts of a run', () => {
  it('are the target alone where nothing stands between', async () => {
    expect(await reached('http://127.0.0.1:3000')).toEqual({
      addresses: [{ address: '127.0.0.1', family: 4 }],
      reached: [{ origin: 'http://127.0.0.1:3000', addresses: ['127.0.0.1'] }],
      direct: true,
    });
    expect(await reached('https://[::1]')).toMatchObject({ reached: [{ origin: 'https://[::1]' }], direct: true });
    expect(await reached('https://[::1]', { connectTo: '[::1]:443' })).toMatchObject({ direct: true });
  });

  it('are the target, unresolved where only its name is known, and what is connected to in its place', async () => {
    const name = `${'a'.repeat(70)}.invalid`;
    expect(await reached(`https://${name}`, { connectTo: '127.0.0.1:8443' })).toEqual({
      addresses: [{ address: '127.0.0.1', family: 4 }],
      reached: [
        { origin: `https://${name}`, addresses: [] },
        { origin: 'https://127.0.0.1:8443', addresses: ['127.0.0.1'] },
      ],
      direct: false,
    });
  });

  it('are the target and the proxy', async () => {
    expect(await reached('https://127.0.0.2:3000', { proxy: 'http://me:hush@127.0.0.1:8888/' })).toEqual({
      addresses: [{ address: '127.0.0.1', family: 4 }],
      reached: [
        { origin: 'https://127.0.0.2:3000', addresses: ['127.0.0.2'] },
        { origin: 'http://127.0.0.1:8888', addresses: ['127.0.0.1'] },
      ],
      direct: false,
    });
  });

  it('are none for a Unix socket, whatever the target is called', async () => {
    expect(await reached('http://api.example.com', { unixSocket: '/run/app.sock' })).toEqual({
      addresses: [],
      reached: [],
      direct: false,
    });
  });

  it('have only addresses of the family that was asked for', async () => {
    await expect(reached('http://127.0.0.1:3000', { family: 6 })).rejects.toThrow('has no IPv6 address');
  });
});
