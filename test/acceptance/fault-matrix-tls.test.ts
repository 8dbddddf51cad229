// The fault matrix over TLS: why a handshake fails, told by its reason, and the phases of a request on a connection that
// stands. Rows with certificates that something is wrong with need openssl, and are skipped where it is not installed.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type tls from 'node:tls';
import { describe, expect } from 'vitest';
import type { TlsSettings, Transport } from '../../source/engine/protocol.ts';
import { certificate, privateKey } from '../helpers/certificate.ts';
import { type Row, requests, type Target, testRows } from '../helpers/fault-row.ts';
import { hasOpenssl, makeCertificates, type OwnCertificates } from '../helpers/own-certificates.ts';
import { answer, reset, type Script, scripted } from '../helpers/scripted-server.ts';

const own: tls.TlsOptions = { cert: certificate, key: privateKey };
const trusting = (patch: Partial<TlsSettings> = {}): Partial<Transport> => ({
  tls: { verify: true, ca: certificate, cert: undefined, key: undefined, ...patch },
});

/** A server with the certificate that signs itself. */
const server =
  (script: Script, patch: tls.TlsOptions = {}) =>
  (): Promise<Target> =>
    scripted({ secure: { ...own, ...patch }, ...script });
const good: Script = { asked: (socket) => void socket.write(answer()) };

const secureRows = (rows: readonly Row[]): void => {
  testRows(rows.map((row) => ({ secure: true, transport: trusting(), ...row })));
};

describe('a handshake', () => {
  secureRows([
    { is: '2xx', when: 'the authority is trusted', target: server(good) },
    {
      is: '2xx',
      when: 'nothing is verified',
      target: server(good),
      transport: trusting({ verify: false, ca: undefined }),
    },
    {
      is: 'TLS: self-signed or unknown issuer',
      when: 'the certificate signs itself',
      target: server(good),
      transport: trusting({ ca: undefined }),
      example: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    },
    {
      is: 'TLS: name mismatch',
      when: 'the certificate is for another name',
      target: server(good),
      hostname: 'elsewhere.example',
      example: /elsewhere\.example/,
    },
    {
      is: 'TLS: name mismatch',
      when: 'the certificate is for another address',
      target: server(good),
      hostname: '127.0.0.9',
      example: /127\.0\.0\.9/,
    },
    {
      is: 'TLS: handshake refused',
      when: 'the server has no certificate',
      target: () => scripted({ secure: {} }),
    },
    {
      is: 'TLS: no common version or cipher',
      when: 'the server speaks old versions only',
      target: server(good, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    },
    {
      is: 'TLS: not TLS at all',
      when: 'the server answers in plain HTTP',
      target: () =>
        scripted({
          opened: (socket) => void socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
          unread: true,
        }),
    },
    {
      is: 'TLS: handshake cut off',
      when: 'the connection is closed in it',
      target: () => scripted({ opened: (socket) => void socket.once('data', () => socket.end()), unread: true }),
    },
    {
      is: 'TLS: handshake cut off',
      when: 'the connection is reset in it',
      target: () =>
        scripted({ opened: (socket) => void socket.once('data', () => socket.resetAndDestroy()), unread: true }),
    },
    {
      is: 'connect timeout, in the TLS handshake',
      when: 'it never ends',
      target: () => scripted({ unread: true }),
      spec: { connectTimeoutMs: 300 },
      example: 'no TLS handshake within 0.3 s',
    },
    {
      is: { 'protocol: not HTTP': [0, 20], 'cut short before an answer': [0, 20], 'reset before an answer': [0, 20] },
      when: 'a server of TLS is spoken to in plain',
      target: server(good),
      secure: false,
    },
  ]);
});

describe('over TLS, a request', () => {
  const half = 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf';
  secureRows([
    {
      is: 'reset before an answer',
      when: 'the connection is reset',
      target: server({ asked: (socket) => reset(socket) }),
    },
    {
      is: 'cut short before an answer',
      when: 'the connection is closed',
      target: server({ asked: (socket) => void socket.end() }),
    },
    {
      is: 'cut short during the body',
      when: 'the connection is closed within the body',
      target: server({ asked: (socket) => void socket.end(half) }),
    },
    {
      is: 'reset during the answer',
      when: 'the connection is reset within the body',
      target: server({
        asked: (socket) => {
          socket.write(half);
          setTimeout(() => reset(socket), 20);
        },
      }),
    },
    {
      is: 'protocol: not HTTP',
      when: 'garbage comes',
      target: server({ asked: (socket) => void socket.end('this is not HTTP\r\n\r\n') }),
    },
    {
      is: 'timeout, waiting for headers',
      when: 'nothing comes',
      target: server({}),
      spec: { timeoutMs: 300 },
      tookMs: [300, 400],
    },
    {
      is: 'timeout, waiting for the body',
      when: 'nothing comes after the head',
      target: server({ asked: (socket) => void socket.write(half) }),
      spec: { timeoutMs: 300 },
      tookMs: [300, 400],
    },
    {
      is: 'timeout, while sending',
      when: 'the target stops reading',
      target: server({ begun: (socket) => void socket.pause() }),
      method: 'POST',
      body: Buffer.alloc(8_000_000, 'x'),
      spec: { timeoutMs: 400 },
      alone: true,
    },
    {
      is: '2xx',
      when: 'each has a connection of its own: sessions are taken up again',
      spec: { connections: 1, maxInFlight: 1 },
      // A handshake for each, one after the other.
      waitMs: 1500,
      target: async () => {
        let reused = 0;
        const started = await scripted({
          secure: own,
          asked: (socket) => {
            if ((socket as tls.TLSSocket).isSessionReused()) reused += 1;
            socket.end(answer('200 OK', ['Connection: close']));
          },
        });
        return { ...started, counted: () => reused };
      },
      also: (_, { counted }) => expect(counted?.()).toBeGreaterThan(requests / 2),
    },
  ]);
});

/** openssl's own server, which says in the handshake that it wants a certificate; Node's only closes the connection. */
const demanding = async ({ ca, valid }: OwnCertificates, version: string): Promise<Target> => {
  const port = await new Promise<number>((resolve) => {
    const finder = createServer().listen(0, '127.0.0.1', () => {
      const address = finder.address();
      finder.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-server-'));
  for (const [name, text] of Object.entries({ ca, cert: valid.cert, key: valid.key })) {
    writeFileSync(path.join(folder, name), text);
  }
  const words = ['-accept', `127.0.0.1:${port}`, '-cert', 'cert', '-key', 'key', '-CAfile', 'ca', '-Verify', '1'];
  const child = spawn('openssl', ['s_server', ...words, '-verify_return_error', '-www', version], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const close = async (): Promise<void> => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, close };
};

const made = hasOpenssl() ? makeCertificates() : undefined;

describe.skipIf(!made)(`a certificate${made ? '' : ' (openssl is not installed)'}`, () => {
  if (!made) return;
  const trust = (patch: Partial<TlsSettings> = {}): Partial<Transport> => trusting({ ca: made.ca, ...patch });
  const mine = (pair: { readonly cert: string; readonly key: string }) => server(good, pair);
  secureRows([
    { is: '2xx', when: 'it is valid', target: mine(made.valid), transport: trust() },
    {
      is: 'TLS: certificate expired',
      when: 'it has expired',
      target: mine(made.expired),
      transport: trust(),
      example: 'CERT_HAS_EXPIRED',
    },
    { is: 'TLS: name mismatch', when: 'it is for another name', target: mine(made.otherName), transport: trust() },
    {
      is: 'TLS: self-signed or unknown issuer',
      when: 'its authority is not known',
      target: mine(made.valid),
      transport: trusting({ ca: undefined }),
    },
    {
      is: '2xx',
      when: 'the client shows one that the server wants',
      target: server(good, { ...made.valid, ca: made.ca, requestCert: true }),
      transport: trust(made.client),
    },
    ...['-tls1_3', '-tls1_2'].flatMap((version): Row[] => [
      {
        is: version === '-tls1_3' ? 'TLS: client certificate wanted' : 'TLS: handshake refused',
        when: `the server wants one of the client (${version.slice(1)})`,
        target: () => demanding(made, version),
        transport: trust(),
      },
      {
        is: 'TLS: client certificate refused',
        when: `the server does not know who signed the client's (${version.slice(1)})`,
        target: () => demanding(made, version),
        transport: trust({ cert: certificate, key: privateKey }),
      },
    ]),
    {
      is: 'TLS: client certificate wanted',
      when: 'the client shows none',
      target: server(good, { ...made.valid, ca: made.ca, requestCert: true }),
      transport: trust(),
    },
  ]);
});
