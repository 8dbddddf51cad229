// A body that goes out piece by piece: what it consists of for each arrival, and its sending, one block after the other, each
// when the one before is out. So an upload holds one block at most, however large its files are.

import { soon } from '../common/clock.ts';
import type { CompiledUpload } from '../profile/compile-body.ts';
import type { TextPart } from '../profile/templates.ts';
import { Template } from './template.ts';
import type { ValueSource } from './template-value.ts';
import { type FileSource, UploadFiles } from './upload-files.ts';

/** What is read, or handed over, at once (bytes). */
export const blockBytes = 65_536;

/** A body whose length is known and whose bytes are not held. */
export interface UploadBody {
  readonly length: number;
  readonly pieces: readonly (Buffer | FileSource)[];
}

/** Makes the body for an arrival. */
export type MakeUpload = (n: number) => UploadBody;

/** The bodies of a step. */
export const uploadOf = (
  { pieces }: Pick<CompiledUpload, 'pieces'> & Partial<CompiledUpload>,
  source: ValueSource,
  files: UploadFiles,
): MakeUpload => {
  const makers = pieces.map((piece): ((n: number) => Buffer | FileSource) => {
    if ('path' in piece) {
      const file = files.source(piece);
      return () => file;
    }
    const template = new Template(piece, source);
    const make = (n: number): Buffer => {
      const bytes = Buffer.allocUnsafe(template.most);
      return bytes.subarray(0, template.write(bytes, n, false));
    };
    if (piece.some((part) => typeof part !== 'string')) return make;
    const bytes = make(0);
    return () => bytes;
  });
  return (n) => {
    const made = makers.map((make) => make(n));
    return { length: made.reduce((sum, piece) => sum + sizeOf(piece), 0), pieces: made };
  };
};

/** A body without files, where it is larger than one block. */
export const wholeBody = (body: Uint8Array | readonly TextPart[], source: ValueSource): MakeUpload | undefined => {
  if (body instanceof Uint8Array) {
    const { length } = body;
    const made = { length, pieces: [Buffer.from(body.buffer, body.byteOffset, length)] };
    return length > blockBytes ? () => made : undefined;
  }
  if (new Template(body, source).most <= blockBytes) return undefined;
  return uploadOf({ pieces: [body] }, source, new UploadFiles());
};

const sizeOf = (piece: Buffer | FileSource): number => (Buffer.isBuffer(piece) ? piece.length : piece.size);

/** Where a body goes, and who is told how far it came. */
export interface UploadSink {
  /** Hands bytes over. @param done called when they are out, with an error where they never will be */
  write(bytes: Buffer, isLast: boolean, done: (error?: Error | null) => void): void;
  /** So many bytes are out. */
  moved(bytes: number): void;
  /** All are. */
  ended(): void;
  /** A file cannot be read. Told later, never during `start`. */
  failed(error: Error): void;
}

// Blocks that are not in use. There are as many as there were uploads from disk at once.
const blocks: Buffer[] = [];

/** Sends one body. */
export class UploadPump {
  readonly #body: UploadBody;
  readonly #sink: UploadSink;
  #piece = 0;
  /** Place in the piece. */
  #at = 0;
  #left: number;
  #stopped = false;

  constructor(body: UploadBody, sink: UploadSink) {
    this.#body = body;
    this.#sink = sink;
    this.#left = body.length;
  }

  /** Sends from the beginning. */
  start(): void {
    for (const piece of this.#body.pieces) {
      const fault = Buffer.isBuffer(piece) ? undefined : piece.fault();
      if (!fault) continue;
      this.#fail(fault);
      return;
    }
    this.#next();
  }

  /** Hands nothing over any more, and tells nothing. */
  stop(): void {
    this.#stopped = true;
  }

  readonly #next = (): void => {
    if (this.#stopped) return;
    const piece = this.#body.pieces[this.#piece]!;
    if (Buffer.isBuffer(piece)) this.#writeFrom(piece);
    else if (piece.bytes) this.#writeFrom(piece.bytes);
    else this.#read(piece);
  };

  #writeFrom(bytes: Buffer): void {
    this.#write(bytes.subarray(this.#at, this.#at + blockBytes), undefined);
  }

  #read(file: FileSource): void {
    const block = blocks.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
    file.read(block, this.#at, (error, count) => {
      if (!this.#stopped && !error) {
        this.#write(block.subarray(0, count), block);
        return;
      }
      blocks.push(block);
      if (error) this.#fail(error);
    });
  }

  /** @param block is free again when its bytes are out, or never will be */
  #write(bytes: Buffer, block: Buffer | undefined): void {
    const { length } = bytes;
    this.#at += length;
    this.#left -= length;
    const piece = this.#body.pieces[this.#piece]!;
    if (this.#at === sizeOf(piece)) {
      this.#piece += 1;
      this.#at = 0;
    }
    this.#sink.write(bytes, this.#left === 0, (error) => {
      if (block) blocks.push(block);
      if (error || this.#stopped) return;
      this.#sink.moved(length);
      if (this.#left === 0) this.#sink.ended();
      // Others get their turn: a target that reads as fast as we write would hold the loop for a whole file.
      else soon(this.#next);
    });
  }

  #fail(error: Error): void {
    soon(() => {
      if (!this.#stopped) this.#sink.failed(error);
    });
  }
}
