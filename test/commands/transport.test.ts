// From connection settings to what the engine is told: where sockets go, certificates read, and what is wrong with them.

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { originOf, transportOf } from '../../source/commands/transport.ts';
import { UserError } from '../../source/common/errors.ts';
import type { Transport } from '../../source/engine/protocol.ts';
import { type ConnectionDraft, completeProfile } from '../../source/profile/defaults.ts';
import { certificate, privateKey } from '../helpers/certificate.ts';

const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-transport-'));
  const files = { 'cert.pem': certificate, 'key.pem': privateKey, 'other-key.pem': otherKey, 'note.txt': 'hello' };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const transport = (connection: ConnectionDraft = {}, origin = 'https://localhost:3000'): Transport =>
  transportOf(completeProfile({ name: 'run', origin, scenarios: [], connection }), 1);

describe('sockets are connected to', () => {
  it.each<[string, ConnectionDraft, Transport['via']]>([
    ['the target', {}, { type: 'host', hostname: 'localhost', port: 3000 }],
    ['another host', { connectTo: '[::1]:8443' }, { type: 'host', hostname: '::1', port: 8443 }],
    [
      'another host in place of the target',
      { connectTo: 'LOCALHOST:3000:127.0.0.1:8443' },
      { type: 'host', hostname: '127.0.0.1', port: 8443 },
    ],
    ['a Unix socket', { unixSocket: '/run/app.sock' }, { type: 'unix', path: '/run/app.sock' }],
    [
      'a proxy',
      { proxy: 'http://proxy.test:8888/' },
      { type: 'proxy', hostname: 'proxy.test', port: 8888, authorization: undefined },
    ],
    [
      'a proxy that wants a password',
      { proxy: 'http://me:p%40ss@[::1]/' },
      { type: 'proxy', hostname: '::1', port: 80, authorization: 'Basic bWU6cEBzcw==' },
    ],
  ])('%s', (_, connection, via) => {
    expect(transport(connection).via).toEqual(via);
  });

  it.each([
    ['http://localhost', { secure: false, hostname: 'localhost', port: 80 }],
    ['https://[::1]', { secure: true, hostname: '::1', port: 443 }],
    ['https://localhost:8443', { secure: true, hostname: 'localhost', port: 8443 }],
  ])('while requests name %s', (origin, expected) => {
    expect(originOf({ origin })).toEqual(expected);
  });
});

describe('TLS', () => {
  it('verifies against the authorities of the system where nothing is said', () => {
    expect(transport()).toEqual({
      via: { type: 'host', hostname: 'localhost', port: 3000 },
      http2: false,
      perConnection: 1,
      keepAlive: true,
      tls: { verify: true, ca: undefined, cert: undefined, key: undefined },
    });
    expect(transport({ verify: false, http2: true, keepAlive: false })).toMatchObject({
      http2: true,
      keepAlive: false,
      tls: { verify: false },
    });
  });

  it('has the certificates of files', () => {
    const file = (name: string): string => join(folder, name);
    expect(transport({ cacert: file('cert.pem'), cert: file('cert.pem'), key: file('key.pem') }).tls).toEqual({
      verify: true,
      ca: certificate,
      cert: certificate,
      key: privateKey,
    });
  });
});

describe('what cannot be used is refused', () => {
  it.each<[ConnectionDraft, RegExp]>([
    [
      { cacert: 'gone.pem' },
      /^authorities .*gone\.pem: no such file, expected a file in PEM with -----BEGIN CERTIFICATE-----$/,
    ],
    [{ cacert: '.' }, /^authorities .*: a folder, not a file, expected/],
    [{ cacert: 'note.txt' }, /^authorities .*note\.txt: found no CERTIFICATE, expected a file in PEM/],
    [{ cacert: 'key.pem' }, /^authorities .*key\.pem: found no CERTIFICATE/],
    [{ cert: 'cert.pem', key: 'cert.pem' }, /^client key .*cert\.pem: found no PRIVATE KEY/],
    [
      { cert: 'cert.pem', key: 'other-key.pem' },
      /cert\.pem, .*other-key\.pem: found what TLS cannot use \(.*mismatch\)$/,
    ],
    [{ cert: 'cert.pem' }, /^found a certificate of a client without its key \(--key\)$/],
    [{ key: 'key.pem' }, /^found a key of a client without its certificate \(--cert\)$/],
  ])('%j', (files, message) => {
    const placed = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(folder, String(file))]));
    expect(() => transport(placed)).toThrow(UserError);
    expect(() => transport(placed)).toThrow(message);
  });

  it.each<[string, ConnectionDraft, string, RegExp]>([
    [
      'another target',
      { connectTo: 'a.test:443:127.0.0.1:8443' },
      'https://localhost',
      /^connect to: found "a\.test:443" to be replaced, expected the target, localhost:443$/,
    ],
    ['another port', { connectTo: ':80:127.0.0.1:8443' }, 'https://localhost', /found ":80" to be replaced/],
    [
      'a long path',
      { unixSocket: `/${'a'.repeat(120)}` },
      'http://localhost',
      /found a path of 121 bytes, expected at most/,
    ],
    [
      'HTTP/2 through a proxy without TLS',
      { http2: true, proxy: 'http://localhost:8888/' },
      'http://localhost:3000',
      /^HTTP\/2 does not go through a proxy to http:\/\/localhost:3000: that takes https$/,
    ],
  ])('%s', (_, connection, origin, message) => {
    expect(() => transport(connection, origin)).toThrow(message);
    expect(() => transport(connection, origin)).toThrow(UserError);
  });
});
