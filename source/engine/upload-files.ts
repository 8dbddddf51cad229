// The files that are sent as they are: small ones are read once, before the run, into memory that all workers share; larger
// ones are opened once in each worker and read block by block while they go out.

import { close, constants, fstatSync, open, openSync, read } from 'node:fs';
import { errorMessage } from '../common/errors.ts';
import { formatCount } from '../common/units.ts';
import type { UploadFile } from '../profile/body.ts';
import type { CompiledScenario } from '../profile/compile.ts';
import { UploadFileError } from './engine-errors.ts';

/** Files are shared up to this size in all (bytes). */
const mostShared = 64 * 1024 * 1024;

/** A file that was read before the run. */
export interface SharedFile {
  readonly path: string;
  readonly bytes: SharedArrayBuffer;
}

/** Reads the files that all workers share, the smallest first. One that cannot be read is left to them: its requests fail, and say why. */
export const shareFiles = async (
  scenarios: readonly CompiledScenario[],
  most = mostShared,
): Promise<readonly SharedFile[]> => {
  const files = new Map<string, number>();
  for (const piece of scenarios.flatMap(({ steps }) => steps.flatMap(({ upload }) => upload?.pieces ?? []))) {
    if ('path' in piece) files.set(piece.path, piece.size);
  }
  const shared: SharedFile[] = [];
  let room = most;
  for (const [path, size] of [...files].sort(([, a], [, b]) => a - b)) {
    if (size > room) break;
    const bytes = await readWhole(path, size);
    if (bytes) shared.push({ path, bytes });
    room -= size;
  }
  return shared;
};

/** All of a file; undefined where it cannot be read, or is not as long as it was. */
const readWhole = (path: string, size: number): Promise<SharedArrayBuffer | undefined> =>
  new Promise((resolve) => {
    open(path, constants.O_RDONLY, (error, descriptor) => {
      if (error) {
        resolve(undefined);
        return;
      }
      // One more byte than there should be, to see that there is none.
      const bytes = new Uint8Array(new SharedArrayBuffer(size + 1));
      const end = (whole: boolean): void => {
        close(descriptor, () => resolve(whole ? bytes.buffer : undefined));
      };
      const go = (at: number): void => {
        read(descriptor, bytes, at, bytes.length - at, at, (fault, count) => {
          if (fault || count === 0) end(!fault && at === size);
          else if (at + count > size) end(false);
          else go(at + count);
        });
      };
      go(0);
    });
  });

/** A file that is read from while requests go out. */
export interface FileSource {
  readonly size: number;
  /** All of it, where it is in memory. */
  readonly bytes: Buffer | undefined;
  /** Why it cannot be sent now; undefined where it can. */
  fault(): Error | undefined;
  /** Reads from a place on; told later. Nothing was read where the file ends before it. */
  read(into: Buffer, at: number, done: (error: Error | undefined, count: number) => void): void;
}

/** The files of one worker. */
export class UploadFiles {
  readonly #shared: ReadonlyMap<string, SharedArrayBuffer>;
  readonly #sources = new Map<string, FileSource>();

  constructor(shared: readonly SharedFile[] = []) {
    this.#shared = new Map(shared.map(({ path, bytes }) => [path, bytes]));
  }

  /** The source of a file; the same one each time. */
  source(file: UploadFile): FileSource {
    const known = this.#sources.get(file.path);
    if (known) return known;
    const shared = this.#shared.get(file.path);
    const source = shared ? inMemory(shared, file.size) : onDisk(file);
    this.#sources.set(file.path, source);
    return source;
  }
}

const inMemory = (bytes: SharedArrayBuffer, size: number): FileSource => ({
  size,
  bytes: Buffer.from(bytes, 0, size),
  fault: () => undefined,
  read: (_, __, done) => done(undefined, 0),
});

const onDisk = ({ path, size }: UploadFile): FileSource => {
  let descriptor = -1;
  let missing: Error | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY);
  } catch (error) {
    missing = new UploadFileError(path, errorMessage(error));
  }
  return {
    size,
    bytes: undefined,
    fault: () => missing ?? sizeFault(descriptor, path, size),
    read: (into, at, done) => {
      read(descriptor, into, 0, Math.min(into.length, size - at), at, (error, count) => {
        if (error) done(new UploadFileError(path, errorMessage(error)), 0);
        else done(count === 0 ? (sizeFault(descriptor, path, size) ?? unreadable(path)) : undefined, count);
      });
    },
  };
};

/** A length that was promised to the target must not change. A look at an open file costs about a microsecond. */
const sizeFault = (descriptor: number, path: string, size: number): Error | undefined => {
  const found = fstatSync(descriptor).size;
  if (found === size) return undefined;
  return new UploadFileError(
    path,
    `found ${formatCount(found)} bytes, expected ${formatCount(size)} as before the run`,
  );
};

const unreadable = (path: string): Error => new UploadFileError(path, 'it ended before its end');
