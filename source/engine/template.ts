// Puts the texts of a request together for each arrival: what stands between the templates was encoded once, the values
// are written into a buffer that is used again. One text draws the same bytes for an arrival in whichever worker it runs.

import { fractionOf, keyOf } from '../common/random.ts';
import type { ItemsValue } from '../profile/template-value.ts';
import type { TextPart } from '../profile/templates.ts';
import { weightedIndex } from './choice-value.ts';
import { type Value, type ValueSource, writerOf } from './template-value.ts';
import type { UploadBody } from './upload.ts';

const nothing = Buffer.alloc(0);

/** A text with templates, as bytes. */
export class Template {
  /** Its length at most; its length always where `isFixed`. */
  readonly most: number;
  readonly isFixed: boolean;
  /** Its length at least. */
  readonly least: number;
  /** What stands before each value, and last what stands after all. */
  readonly #between: readonly Buffer[];
  readonly #values: readonly Value[];
  /** Where each value begins, and the text with room for them; of use where the length is fixed. */
  readonly #offsets: readonly number[];
  readonly #blank: Buffer;

  /** @param parts each character a byte */
  constructor(parts: readonly TextPart[], source: ValueSource) {
    const between: string[] = [''];
    const values: Value[] = [];
    for (const part of parts) {
      if (typeof part === 'string') between[between.length - 1] += part;
      else {
        values.push(part.type === 'items' ? itemsValue(part, source) : writerOf(part, source));
        between.push('');
      }
    }
    this.#between = between.map((text) => Buffer.from(text, 'latin1'));
    this.#values = values;
    this.isFixed = values.every(({ least, most }) => least === most);
    const fixed = this.#between.reduce((sum, { length }) => sum + length, 0);
    this.most = values.reduce((sum, { most }) => sum + most, fixed);
    this.least = values.reduce((sum, { least }) => sum + least, fixed);
    this.#offsets = this.isFixed ? this.#placeValues() : [];
    this.#blank = this.isFixed ? this.#layOut() : nothing;
  }

  /**
   * Writes the text for arrival `n` to the beginning of `bytes`; returns its length.
   * @param isOwn what stands there was written by this template
   */
  write(bytes: Buffer, n: number, isOwn: boolean): number {
    return this.isFixed ? this.#patch(bytes, n, isOwn) : this.writeAt(bytes, 0, n);
  }

  /** Writes the text for number `n` to where `from` is; returns where it ends. */
  writeAt(bytes: Buffer, from: number, n: number): number {
    let at = from;
    for (let index = 0; index < this.#values.length; index += 1) {
      at = this.#values[index]!.write(bytes, put(bytes, at, this.#between[index]!), n);
    }
    return put(bytes, at, this.#between[this.#values.length]!);
  }

  #patch(bytes: Buffer, n: number, isOwn: boolean): number {
    if (!isOwn) bytes.set(this.#blank, 0);
    for (let index = 0; index < this.#values.length; index += 1) {
      this.#values[index]!.write(bytes, this.#offsets[index]!, n);
    }
    return this.most;
  }

  #placeValues(): readonly number[] {
    let at = 0;
    return this.#values.map(({ most }, index) => {
      const begin = at + this.#between[index]!.length;
      at = begin + most;
      return begin;
    });
  }

  #layOut(): Buffer {
    const room = this.#values.map(({ most }) => Buffer.alloc(most));
    return Buffer.concat(this.#between.flatMap((text, index) => [text, room[index] ?? nothing]));
  }
}

const put = (bytes: Buffer, at: number, text: Buffer): number => {
  // A call of set costs as much as some fifteen bytes.
  if (text.length > 15) bytes.set(text, at);
  else for (let index = 0; index < text.length; index += 1) bytes[at + index] = text[index]!;
  return at + text.length;
};

const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/** Values of a catalogue: item i of arrival n is that of number n × count + i. */
const itemsValue = ({ items, order, weights, stream, count }: ItemsValue, source: ValueSource): Value => {
  const each = count ?? 1;
  const inner: ValueSource = { ...source, perArrival: source.perArrival * each };
  const templates = items.map((item) => new Template(item, inner));
  const indexOf = itemIndex(order, { seed: source.seed, stream, weights });
  const write = (bytes: Buffer, at: number, n: number): number => templates[indexOf(n)]!.writeAt(bytes, at, n);
  const least = Math.min(...templates.map((template) => template.least));
  const most = Math.max(...templates.map((template) => template.most));
  if (count === undefined) return { least, most, write };
  // Brackets around, and a comma before each but the first.
  const room = (length: number): number => count * (length + 1) + 1;
  const writeAll = (bytes: Buffer, at: number, n: number): number => {
    let end = at;
    for (let item = 0; item < count; item += 1) {
      bytes[end] = item === 0 ? openBracket : comma;
      end = write(bytes, end + 1, n * count + item);
    }
    bytes[end] = closeBracket;
    return end + 1;
  };
  return { least: room(least), most: room(most), write: writeAll };
};

const itemIndex = (
  order: ItemsValue['order'],
  { seed, stream, weights }: { readonly seed: number; readonly stream: number; readonly weights: readonly number[] },
): ((n: number) => number) => {
  if (order === 'cycle') return (n) => n % weights.length;
  if (order === 'weighted') return weightedIndex(seed, stream, weights);
  const key = keyOf(seed, stream);
  return (n) => Math.floor(fractionOf(key, n) * weights.length);
};

/** A text with templates for where a string is wanted: paths and header values. */
export class StringTemplate {
  readonly #template: Template;
  readonly #bytes: Buffer;
  #isOwn = false;

  constructor(parts: readonly TextPart[], source: ValueSource) {
    this.#template = new Template(parts, source);
    this.#bytes = Buffer.alloc(this.#template.most);
  }

  /** The text for arrival `n`. */
  text(n: number): string {
    const length = this.#template.write(this.#bytes, n, this.#isOwn);
    this.#isOwn = true;
    return this.#bytes.toString('latin1', 0, length);
  }
}

/** Bodies above this are not kept for the next request: thousands of connections would hold as many (bytes). */
const mostKept = 65_536;

/**
 * The memory of one request on its way. Its bytes may still wait to be sent until the answer came, so each place for a
 * request on a connection has one of its own.
 */
export class Scratch {
  /** HTTP/2: the body of the request that was last made with it; null where it has none. */
  body: Buffer | null = null;
  /** Bytes of the body of that request. */
  bodyBytes = 0;
  /** The instant (run clock, ms) that the request is intended for; set before it is made. */
  intendedAt = 0;
  /** HTTP/1.1: what follows the bytes that were last made with it; null where they are all. */
  rest: Buffer | null = null;
  /** The body of the request that was last made with it, where that is one that goes out piece by piece. */
  upload: UploadBody | null = null;
  #bytes: Buffer = nothing;
  #view: Buffer = nothing;
  #tail: Buffer = nothing;
  #writer: Template | undefined;

  /** Makes the text for arrival `n` the body; valid until the next request is made with this. */
  fill(template: Template, n: number): Buffer {
    this.body = template.most > mostKept ? fresh(template, n) : this.#refill(template, n);
    return this.body;
  }

  /**
   * Makes a head and the body behind it in one piece: the body begins at `room`, and the head, its length added, ends
   * there. Valid until the next request is made with this.
   */
  join(head: Template, body: Template, room: number, n: number): Buffer {
    this.#makeRoom(room + body.most);
    const bytes = this.#bytes;
    if (this.#tail.byteOffset !== bytes.byteOffset + room) this.#tail = bytes.subarray(room);
    // The head moves with the digits of the length: neither is where it was before.
    this.#writer = undefined;
    const length = body.write(this.#tail, n, false);
    this.bodyBytes = length;
    let at = head.write(bytes, n, false);
    at += bytes.write(`${length}\r\n\r\n`, at, 'latin1');
    bytes.copyWithin(room - at, 0, at);
    return bytes.subarray(room - at, room + length);
  }

  #refill(template: Template, n: number): Buffer {
    this.#makeRoom(template.most);
    const length = template.write(this.#bytes, n, this.#writer === template);
    this.#writer = template;
    if (this.#view.length !== length) this.#view = this.#bytes.subarray(0, length);
    return this.#view;
  }

  /** Nothing may go on looking at memory that was too small. */
  #makeRoom(size: number): void {
    if (this.#bytes.length >= size) return;
    this.#bytes = Buffer.allocUnsafe(size);
    this.#view = this.#bytes;
    this.#tail = nothing;
    this.#writer = undefined;
  }
}

const fresh = (template: Template, n: number): Buffer => {
  const bytes = Buffer.allocUnsafeSlow(template.most);
  return bytes.subarray(0, template.write(bytes, n, false));
};
