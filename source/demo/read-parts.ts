// The parts of a request's multipart body, as far as a service that keeps no files needs them: of files their length, of
// form fields their text. The body is streamed and counted, so that its size is nobody's concern.
import type { Exchange } from './exchange.ts';
import { boundaryOf, MultipartError, MultipartReader, type PartHead } from './multipart-reader.ts';

export interface ReadPart extends PartHead {
  readonly bytes: number;
  /** What a form field holds; undefined for a file. */
  readonly text: string | undefined;
}

const partLimit = 100;
const textLimit = 64 * 1024;

/** Collects parts; files are those with a file name. */
class PartCollector {
  readonly parts: ReadPart[] = [];
  #head: PartHead | undefined;
  #bytes = 0;
  #pieces: Buffer[] = [];

  begin(head: PartHead): void {
    if (this.parts.length === partLimit) throw new MultipartError(`the body has more than ${partLimit} parts`);
    this.#head = head;
    this.#bytes = 0;
    this.#pieces = [];
  }

  data(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#head?.filename !== undefined) return;
    if (this.#bytes > textLimit) {
      throw new MultipartError(`the field ${this.#head?.name} is larger than ${textLimit} bytes`);
    }
    this.#pieces.push(Buffer.from(piece));
  }

  end(): void {
    const head = this.#head;
    if (!head) return;
    const text = head.filename === undefined ? Buffer.concat(this.#pieces).toString('utf8') : undefined;
    this.parts.push({ ...head, bytes: this.#bytes, text });
  }
}

/**
 * Reads the body to its end, whatever it is, so that the client gets its answer over a connection that stays usable; then
 * calls `done` with its parts, or `failed` with why it has none.
 */
export const readParts = (
  exchange: Exchange,
  done: (parts: readonly ReadPart[]) => void,
  failed: (reason: string) => void,
): void => {
  const collector = new PartCollector();
  let reader: MultipartReader | undefined;
  let reason: string | undefined;
  const attempt = (step: () => void): void => {
    if (reason !== undefined) return;
    try {
      step();
    } catch (error) {
      if (!(error instanceof MultipartError)) throw error;
      reason = error.message;
    }
  };
  attempt(() => {
    reader = new MultipartReader(boundaryOf(exchange.header('content-type')), collector);
  });
  exchange.stream(
    (chunk) => attempt(() => reader?.write(chunk)),
    () => {
      attempt(() => reader?.end());
      if (reason === undefined) done(collector.parts);
      else failed(reason);
    },
  );
};
