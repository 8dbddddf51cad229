// Makes a file of rows that a profile describes, once: it is kept under a name that says what is in it, and used again by
// whoever wants the same. The oldest go when all of them together become too large.

import { createHash } from 'node:crypto';
import { promises as files } from 'node:fs';
import { wallNow } from '../common/clock.ts';
import { errorCode, errorMessage, UserError } from '../common/errors.ts';
import type { TextPart } from '../profile/templates.ts';
import { Template } from './template.ts';
import { plainSource } from './template-value.ts';

/** What is in a file. */
export interface GeneratedContent {
  readonly rows: number;
  readonly header: string;
  /** The text of a row, each character a byte. */
  readonly row: readonly TextPart[];
}

export interface GeneratedOptions {
  /** Where files are kept. */
  readonly folder: string;
  /** Is told before a file is made, which may take a while. */
  readonly tell: (text: string) => void;
  readonly totalLimitBytes?: number;
}

/** Above this many bytes in all, the oldest files are removed. */
const totalLimitBytes = 2_000_000_000;
/** A file that was used within this time (ms) may be another run's that goes on. */
const inUseMs = 3_600_000;
/** Changed where the same description comes to other bytes: files made before are then not used again. */
const version = 1;
const seed = 1;
/** What `{{now}}` is in the first row; each row is a second later (ms since 1970). */
const firstInstant = Date.UTC(2026, 0, 1);
const ownName = /^rows-\d+-[0-9a-f]{16}\.csv$/;
const writtenAtOnce = 1024 * 1024;

/**
 * The path of the file, which is made where it is not there yet.
 * @throws UserError where it cannot be written
 */
export const generatedFile = async (content: GeneratedContent, options: GeneratedOptions): Promise<string> => {
  const { folder, tell } = options;
  const name = `rows-${content.rows}-${digestOf(content)}.csv`;
  const path = `${folder}/${name}`;
  try {
    const now = new Date(wallNow());
    const isThere = await files.utimes(path, now, now).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
    await files.mkdir(folder, { recursive: true, mode: 0o700 });
    tell(`making ${path} (${content.rows.toLocaleString('en')} rows), once`);
    await make(path, content);
    await prune(folder, name, options.totalLimitBytes ?? totalLimitBytes);
    return path;
  } catch (error) {
    throw new UserError(`${path}: cannot be made: ${errorMessage(error)}`, {
      hint: 'XDG_CACHE_HOME says where files that are made are kept',
      cause: error,
    });
  }
};

const digestOf = (content: GeneratedContent): string =>
  createHash('sha256')
    .update(JSON.stringify([version, content]))
    .digest('hex')
    .slice(0, 16);

/** Under another name until it is whole: who finds the file finds all of it. */
const make = async (path: string, { rows, header, row }: GeneratedContent): Promise<void> => {
  const unfinished = `${path}.${process.pid}`;
  const file = await files.open(unfinished, 'w', 0o600);
  try {
    const source = plainSource(seed, firstInstant);
    const template = new Template(row, source);
    const bytes = Buffer.allocUnsafeSlow(writtenAtOnce + template.most + Buffer.byteLength(header));
    let at = bytes.write(header);
    for (let n = 0; n < rows; n += 1) {
      source.moment.at = n * 1000;
      at = template.writeAt(bytes, at, n);
      if (at < writtenAtOnce) continue;
      await writeAll(file, bytes, at);
      at = 0;
    }
    await writeAll(file, bytes, at);
    await file.close();
    await files.rename(unfinished, path);
  } catch (error) {
    await file.close().catch(() => {});
    await files.rm(unfinished, { force: true });
    throw error;
  }
};

const writeAll = async (file: files.FileHandle, bytes: Buffer, length: number): Promise<void> => {
  for (let at = 0; at < length; ) at += (await file.write(bytes, at, length - at)).bytesWritten;
};

/** Removes the files that were not used for longest until all together are within the limit. What cannot go stays. */
const prune = async (folder: string, current: string, limit: number): Promise<void> => {
  const found: { readonly path: string; readonly size: number; readonly usedAt: number }[] = [];
  let total = 0;
  for (const name of await files.readdir(folder)) {
    if (!ownName.test(name)) continue;
    const path = `${folder}/${name}`;
    const status = await files.lstat(path).catch(() => undefined);
    if (!status?.isFile()) continue;
    total += status.size;
    if (name !== current) found.push({ path, size: status.size, usedAt: status.mtimeMs });
  }
  found.sort((a, b) => a.usedAt - b.usedAt);
  const idleSince = wallNow() - inUseMs;
  for (const { path, size, usedAt } of found) {
    if (total <= limit || usedAt > idleSince) return;
    try {
      await files.unlink(path);
      total -= size;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') total -= size;
    }
  }
};

/** The folder of files that are made; undefined without a home. */
export const generatedFolder = (environment: Readonly<Record<string, string | undefined>>): string | undefined => {
  const { XDG_CACHE_HOME: cache, HOME: home } = environment;
  // The XDG specification has relative paths ignored.
  if (cache?.startsWith('/')) return `${cache}/loadtop`;
  return home ? `${home}/.cache/loadtop` : undefined;
};
