// The sending of a body piece by piece: every byte once and in order, one block at a time, nothing more after a stop; and the
// files it is read from. That targets get it as it was said is in acceptance/uploads.test.ts.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainSource } from '../../source/engine/template-value.ts';
import { blockBytes, type UploadBody, UploadPump, uploadOf } from '../../source/engine/upload.ts';
import { type FileSource, shareFiles, UploadFiles } from '../../source/engine/upload-files.ts';
import type { CompiledScenario } from '../../source/profile/compile.ts';
import { sleep } from '../helpers/drive.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-upload-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return { path, size: bytes.length };
};

/** Bytes that say where they stand. */
const bytesOf = (size: number, start = 0): Buffer =>
  Buffer.from(Uint8Array.from({ length: size }, (_, index) => ((index + start) * 31) >>> 3));

interface Sent {
  readonly bytes: Buffer;
  readonly moved: number;
  readonly most: number;
  readonly lasts: readonly boolean[];
  readonly error: Error | undefined;
}

/** Sends a body to a sink that takes each block a moment later, as long as it is asked to. */
const send = (body: UploadBody, takes = Infinity): Promise<Sent> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const lasts: boolean[] = [];
    let moved = 0;
    let under = 0;
    let most = 0;
    const end = (error?: Error): void => resolve({ bytes: Buffer.concat(chunks), moved, most, lasts, error });
    const pump = new UploadPump(body, {
      write: (bytes, isLast, done) => {
        under += 1;
        most = Math.max(most, under);
        lasts.push(isLast);
        setImmediate(() => {
          // Only now it is read: the block must still be the one that was handed over.
          chunks.push(Buffer.from(bytes));
          under -= 1;
          if (chunks.length >= takes) {
            pump.stop();
            setTimeout(end, 20);
          }
          done();
        });
      },
      moved: (bytes) => {
        moved += bytes;
      },
      ended: () => end(),
      failed: end,
    });
    pump.start();
  });

const bodyOf = (...pieces: (Buffer | FileSource)[]): UploadBody => ({
  length: pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : piece.size), 0),
  pieces,
});

describe('a body', () => {
  it('of any pieces goes out whole and in order, one block at a time', async () => {
    let number = 0;
    const size = fc.oneof(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: blockBytes - 2, max: 2 * blockBytes + 2 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), size), { minLength: 1, maxLength: 4 }), async (kinds) => {
        const files = new UploadFiles();
        const wanted: Buffer[] = [];
        const pieces = kinds.map(([isFile, length]) => {
          number += 1;
          const bytes = bytesOf(length, number * 7);
          wanted.push(bytes);
          return isFile ? files.source(fileOf(`any-${number}`, bytes)) : bytes;
        });
        const sent = await send(bodyOf(...pieces));
        expect(sent.error).toBeUndefined();
        expect(sent.bytes.equals(Buffer.concat(wanted))).toBe(true);
        expect(sent.moved).toBe(sent.bytes.length);
        expect(sent.most).toBe(1);
        expect(sent.lasts.indexOf(true)).toBe(sent.lasts.length - 1);
      }),
      { numRuns: 30 },
    );
  });

  it('of many at once is mixed with no other', async () => {
    const files = new UploadFiles();
    const all = Array.from({ length: 20 }, (_, index) => bytesOf(300_000 + index, index * 1000));
    const sent = await Promise.all(
      all.map((bytes, index) => send(bodyOf(files.source(fileOf(`many-${index}`, bytes))))),
    );
    for (const [index, { bytes }] of sent.entries()) expect(bytes.equals(all[index]!)).toBe(true);
  });

  it('that is stopped hands over nothing more and tells nothing', async () => {
    const sent = await send(bodyOf(new UploadFiles().source(fileOf('stopped', bytesOf(900_000)))), 3);
    expect(sent.bytes).toHaveLength(3 * blockBytes);
    expect(sent.moved).toBe(2 * blockBytes);
    expect(sent.lasts).toEqual([false, false, false]);
  });

  it('has what changes drawn for each arrival, and what does not made once', () => {
    const file = fileOf('drawn', bytesOf(10));
    const pieces = [['a'], file, ['n', { type: 'arrival' } as const]];
    const make = uploadOf({ pieces, sendRate: 0 }, plainSource(1, 0), new UploadFiles());
    const [one, other] = [make(7), make(12_345)];
    expect(one.length).toBe(13);
    expect(other.length).toBe(17);
    expect(one.pieces[0]).toBe(other.pieces[0]);
    expect(one.pieces[1]).toBe(other.pieces[1]);
    expect(String(other.pieces[2])).toBe('n12345');
  });
});

describe('a file', () => {
  const scenariosOf = (...files: { path: string; size: number }[]): CompiledScenario[] => [
    {
      weight: 1,
      steps: [
        {
          series: 0,
          method: 'POST',
          path: '/',
          headers: [],
          body: undefined,
          upload: { pieces: [['x'], ...files], sendRate: 0 },
          expectStatus: undefined,
          templated: false,
        },
      ],
    },
  ];

  it('is shared while there is room, the smallest first, and read from disk else', async () => {
    const [large, small, middle] = [500, 100, 300].map((size) => fileOf(`share-${size}`, bytesOf(size)));
    const shared = await shareFiles(scenariosOf(large!, small!, middle!, small!), 450);
    expect(shared.map(({ path }) => path)).toEqual([small!.path, middle!.path]);
    const files = new UploadFiles(shared);
    expect(files.source(small!).bytes?.equals(bytesOf(100))).toBe(true);
    expect(files.source(small!)).toBe(files.source(small!));
    expect(files.source(large!).bytes).toBeUndefined();
    expect((await send(bodyOf(files.source(large!)))).bytes.equals(bytesOf(500))).toBe(true);
  });

  it('that is gone, or is longer or shorter than it was, is not shared and says so when it is sent', async () => {
    const file = fileOf('other', bytesOf(100));
    const wrong = [
      { ...file, size: 90 },
      { ...file, path: join(folder, 'none') },
      { ...file, size: 110 },
    ];
    for (const each of wrong) {
      expect(await shareFiles(scenariosOf(each))).toEqual([]);
      const { error, bytes } = await send(bodyOf(Buffer.from('before'), new UploadFiles().source(each)));
      expect(error).toMatchObject({ code: 'LOADTOP_FILE' });
      expect(error?.message).toMatch(/found 100 bytes, expected \d+ as before the run|ENOENT/);
      // The head may be out; of the body nothing is, so that no target takes a part for the whole.
      expect(bytes).toHaveLength(0);
    }
  });

  it('that is cut while it is sent fails where it ends', async () => {
    const file = fileOf('cut', bytesOf(4 * blockBytes));
    const sending = send(bodyOf(new UploadFiles().source(file)));
    await sleep(0);
    writeFileSync(file.path, bytesOf(10));
    const { error, bytes } = await sending;
    if (error) expect(error.message).toMatch(/found 10 bytes, expected 262,144/);
    else expect(bytes).toHaveLength(file.size);
  });
});
