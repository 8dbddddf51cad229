// Certificates that something is wrong with, made with openssl when the tests run: one that has expired, one for another name,
// and an authority of our own that signs clients. Node has nothing that signs.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface OwnCertificates {
  /** The authority that signed all of them. */
  readonly ca: string;
  readonly valid: Pair;
  readonly expired: Pair;
  readonly otherName: Pair;
  readonly client: Pair;
}

const openssl = (folder: string, ...words: readonly string[]): void => {
  execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
};

/** Whether openssl is there. */
export const hasOpenssl = (): boolean => {
  try {
    openssl(tmpdir(), 'version');
    return true;
  } catch {
    return false;
  }
};

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes them all; about 0.1 s. */
export const makeCertificates = (): OwnCertificates => {
  const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-certificates-'));
  const text = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  const signed = (name: string, altName: string, days: number): Pair => {
    openssl(
      folder,
      'req',
      '-new',
      ...newKey,
      '-keyout',
      'key',
      '-out',
      'request',
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=${altName}`,
    );
    openssl(
      folder,
      'x509',
      '-req',
      '-in',
      'request',
      '-CA',
      'ca',
      '-CAkey',
      'ca-key',
      '-CAcreateserial',
      '-copy_extensions',
      'copy',
      '-days',
      String(days),
      '-out',
      'cert',
    );
    return { cert: text('cert'), key: text('key') };
  };
  try {
    openssl(folder, 'req', '-x509', ...newKey, '-keyout', 'ca-key', '-out', 'ca', '-days', '2', '-subj', '/CN=tests');
    return {
      ca: text('ca'),
      valid: signed('localhost', 'DNS:localhost,IP:127.0.0.1', 2),
      // It ended before it began.
      expired: signed('localhost', 'DNS:localhost,IP:127.0.0.1', -1),
      otherName: signed('elsewhere', 'DNS:elsewhere.example', 2),
      client: signed('client', 'DNS:client', 2),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
