// Reads server-sent events (WHATWG HTML, section 9.2) from the bytes of an answer, as they come and however they are cut.
// A line is made a text once it is complete, so that no character is ever cut; one that never ends is not kept.

const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const colon = 58;

/** Lines, and the data of an event, that are longer are not kept (bytes). */
export const longestLine = 1_048_576;

/** What the parser tells. */
export interface SseListener {
  /** An event is complete. @param type `message` where it says none @param id the last one that was said */
  event(data: string, type: string, id: string): void;
  /** An event was left out, because it is too long. */
  broken(): void;
}

const nothing = Buffer.alloc(0);

export class SseParser {
  readonly #listener: SseListener;
  /** A line that has come in part, and how much of it. */
  #partial: Buffer = nothing;
  #kept = 0;
  /** The line that is read is too long: it is passed over. */
  #passing = false;
  /** A carriage return was the last byte: a line feed after it belongs to it. */
  #skipsLineFeed = false;
  #isFirst = true;
  // The event that is read.
  #data = '';
  #hasData = false;
  #dataBytes = 0;
  #isBroken = false;
  #type = '';
  #id = '';
  /** After how long the target wants to be asked again once the stream ends, ms; undefined where it says nothing. */
  retryMs: number | undefined;

  constructor(listener: SseListener) {
    this.#listener = listener;
  }

  /** Reads bytes from `from` to `to`; they may be overwritten after the call. */
  take(bytes: Buffer, from: number, to: number): void {
    let line = from;
    if (this.#skipsLineFeed && from < to) {
      this.#skipsLineFeed = false;
      if (bytes[from] === lineFeed) line += 1;
    }
    let at = line;
    while (at < to) {
      const byte = bytes[at];
      at += 1;
      if (byte !== lineFeed && byte !== carriageReturn) continue;
      this.#endLine(bytes, line, at - 1);
      if (byte === carriageReturn) {
        if (at === to) this.#skipsLineFeed = true;
        else if (bytes[at] === lineFeed) at += 1;
      }
      line = at;
    }
    if (line < to) this.#keep(bytes, line, to);
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    const kept = this.#kept + to - from;
    if (this.#passing || kept > longestLine) {
      this.#passing = true;
      this.#partial = nothing;
      this.#kept = 0;
      return;
    }
    if (kept > this.#partial.length) {
      const grown = Buffer.allocUnsafe(Math.max(kept, 2 * this.#partial.length));
      grown.set(this.#partial.subarray(0, this.#kept));
      this.#partial = grown;
    }
    bytes.copy(this.#partial, this.#kept, from, to);
    this.#kept = kept;
  }

  #endLine(bytes: Buffer, from: number, to: number): void {
    if (this.#kept === 0 && !this.#passing && to - from <= longestLine) {
      this.#readLine(bytes, from, to);
      return;
    }
    this.#keep(bytes, from, to);
    if (this.#passing) {
      this.#passing = false;
      this.#isFirst = false;
      this.#break();
      return;
    }
    const end = this.#kept;
    this.#kept = 0;
    this.#readLine(this.#partial, 0, end);
  }

  #readLine(bytes: Buffer, start: number, to: number): void {
    let from = start;
    if (this.#isFirst) {
      this.#isFirst = false;
      if (to - from >= 3 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) from += 3;
    }
    if (from === to) {
      this.#dispatch();
      return;
    }
    // What begins with a colon is a comment, such as those that keep a connection alive.
    if (bytes[from] === colon) return;
    if (isField(bytes, from, to, 'data')) this.#takeData(bytes, valueFrom(bytes, from + 4, to), to);
    else if (isField(bytes, from, to, 'event')) this.#type = textAt(bytes, from + 5, to);
    else if (isField(bytes, from, to, 'id')) {
      const id = textAt(bytes, from + 2, to);
      if (!id.includes('\0')) this.#id = id;
    } else if (isField(bytes, from, to, 'retry')) {
      const retry = textAt(bytes, from + 5, to);
      if (/^\d+$/.test(retry)) this.retryMs = Number(retry);
    }
  }

  #takeData(bytes: Buffer, from: number, to: number): void {
    if (this.#isBroken) return;
    this.#dataBytes += to - from + 1;
    if (this.#dataBytes > longestLine + 1) {
      this.#break();
      return;
    }
    const text = bytes.toString('utf8', from, to);
    this.#data = this.#hasData ? `${this.#data}\n${text}` : text;
    this.#hasData = true;
  }

  #break(): void {
    this.#isBroken = true;
    this.#data = '';
  }

  /** An empty line ends an event; without data it is none. */
  #dispatch(): void {
    const data = this.#data;
    const type = this.#type;
    const isEvent = this.#hasData;
    const isBroken = this.#isBroken;
    this.#data = '';
    this.#hasData = false;
    this.#dataBytes = 0;
    this.#isBroken = false;
    this.#type = '';
    if (isBroken) this.#listener.broken();
    else if (isEvent) this.#listener.event(data, type || 'message', this.#id);
  }
}

/** Whether the line is that of a field: its name alone, or with a colon behind. */
const isField = (bytes: Buffer, from: number, to: number, name: string): boolean => {
  const end = from + name.length;
  if (end > to || (end < to && bytes[end] !== colon)) return false;
  for (let index = 0; index < name.length; index += 1) {
    if (bytes[from + index] !== name.charCodeAt(index)) return false;
  }
  return true;
};

/** Where the value begins behind the name that ends at `at`: one space after the colon is not part of it. */
const valueFrom = (bytes: Buffer, at: number, to: number): number => {
  if (at >= to) return to;
  return bytes[at + 1] === space && at + 1 < to ? at + 2 : at + 1;
};

const textAt = (bytes: Buffer, at: number, to: number): string => bytes.toString('utf8', valueFrom(bytes, at, to), to);
