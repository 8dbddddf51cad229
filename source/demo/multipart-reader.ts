// Reads multipart/form-data as it comes, however it is cut into chunks, and keeps nothing of it: what a part holds is
// handed on piece by piece. What the parts mean is the caller's business.

/** What the head of a part says of it. */
export interface PartHead {
  readonly name: string;
  readonly filename: string | undefined;
  /** Its Content-Type, where it has one. */
  readonly type: string | undefined;
}

/** Told in this order for each part: `begin`, any number of `data`, `end`. */
export interface PartListener {
  begin(head: PartHead): void;
  /** Valid until it returns. */
  data(piece: Buffer): void;
  end(): void;
}

/** Why a body is no multipart/form-data; the message is one sentence for whoever sent it. */
export class MultipartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MultipartError';
  }
}

const headLimit = 16 * 1024;
const none = Buffer.alloc(0);
const endOfLine = Buffer.from('\r\n');
const endOfHead = Buffer.from('\r\n\r\n');

/**
 * The boundary in a Content-Type.
 * @throws MultipartError
 */
export const boundaryOf = (contentType: string | undefined): string => {
  if (contentType === undefined) throw new MultipartError('there is no Content-Type; multipart/form-data was expected');
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType)) {
    throw new MultipartError(`the Content-Type is ${contentType.slice(0, 100)}; multipart/form-data was expected`);
  }
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s";]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw new MultipartError('the Content-Type has no boundary');
  if (boundary.length > 70) throw new MultipartError('the boundary is longer than 70 characters');
  return boundary;
};

export class MultipartReader {
  readonly #delimiter: Buffer;
  readonly #listener: PartListener;
  #state: 'preamble' | 'head' | 'body' | 'epilogue' = 'preamble';
  /** In a head: what there is of it. Otherwise the last bytes so far, where they may begin a delimiter. */
  #held: Buffer = endOfLine;

  constructor(boundary: string, listener: PartListener) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
    this.#listener = listener;
  }

  /**
   * Takes the next chunk of the body.
   * @throws MultipartError; the reader is of no use after it.
   */
  write(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#state === 'epilogue') return;
      rest = this.#state === 'head' ? this.#readHead(rest) : this.#readBody(rest);
    }
  }

  /**
   * The body is over.
   * @throws MultipartError where its last boundary is missing.
   */
  end(): void {
    if (this.#state === 'epilogue') return;
    throw new MultipartError(
      this.#state === 'preamble'
        ? 'the body has no part: the boundary of the Content-Type does not occur in it'
        : 'the body ends in the middle of a part: the closing boundary is missing',
    );
  }

  /** Hands on what lies before the next delimiter; returns what lies behind it. */
  #readBody(chunk: Buffer): Buffer {
    const delimiter = this.#delimiter;
    const held = this.#held.length;
    // Only a delimiter that begins in what is held needs it; joining all of a large chunk to it would copy that.
    const most = Math.min(chunk.length, delimiter.length - 1);
    const seam = held === 0 ? none : Buffer.concat([this.#held, chunk.subarray(0, most)]);
    const inSeam = seam.indexOf(delimiter);
    if (inSeam >= 0) {
      this.#tell(seam.subarray(0, inSeam));
      return this.#endPart(chunk.subarray(inSeam + delimiter.length - held));
    }
    if (most === chunk.length && held > 0) {
      this.#keepTail(seam);
      return none;
    }
    this.#tell(this.#held);
    const found = chunk.indexOf(delimiter);
    if (found < 0) {
      this.#keepTail(chunk);
      return none;
    }
    this.#tell(chunk.subarray(0, found));
    return this.#endPart(chunk.subarray(found + delimiter.length));
  }

  /** Hands on all but the longest end that may begin a delimiter. */
  #keepTail(bytes: Buffer): void {
    let length = Math.min(bytes.length, this.#delimiter.length - 1);
    while (length > 0 && this.#delimiter.compare(bytes, bytes.length - length, bytes.length, 0, length) !== 0) {
      length -= 1;
    }
    this.#tell(bytes.subarray(0, bytes.length - length));
    this.#held = this.#delimiter.subarray(0, length);
  }

  #tell(piece: Buffer): void {
    if (piece.length > 0 && this.#state === 'body') this.#listener.data(piece);
  }

  #endPart(rest: Buffer): Buffer {
    if (this.#state === 'body') this.#listener.end();
    this.#state = 'head';
    this.#held = none;
    return rest;
  }

  /** Collects what follows a delimiter up to the empty line; returns what lies behind that. */
  #readHead(chunk: Buffer): Buffer {
    const before = this.#held.length;
    const head = Buffer.concat([this.#held, chunk.subarray(0, headLimit)]);
    if (head.length >= 2 && head[0] === 0x2d && head[1] === 0x2d) {
      this.#state = 'epilogue';
      return none;
    }
    const end = head.indexOf(endOfHead);
    if (end < 0) {
      if (head.length > headLimit) throw new MultipartError(`the head of a part is larger than ${headLimit} bytes`);
      this.#held = head;
      return chunk.subarray(head.length - before);
    }
    this.#listener.begin(readHead(head.toString('utf8', 0, end + endOfLine.length)));
    this.#state = 'body';
    // A delimiter may follow at once: an empty part still has the line end before it.
    this.#held = none;
    return chunk.subarray(end + endOfHead.length - before);
  }
}

/** @throws MultipartError */
const readHead = (text: string): PartHead => {
  const first = text.indexOf('\r\n');
  if (text.slice(0, first).trim() !== '') throw new MultipartError('a boundary is not followed by the end of its line');
  const headers = new Map<string, string>();
  for (const line of text.slice(first + 2).split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    else if (line !== '') throw new MultipartError(`a part has a header without a colon: ${line.slice(0, 100)}`);
  }
  const disposition = headers.get('content-disposition');
  if (disposition === undefined) throw new MultipartError('a part has no Content-Disposition');
  if (!/^form-data\s*(;|$)/i.test(disposition))
    throw new MultipartError('the Content-Disposition of a part is not form-data');
  const name = parameterOf(disposition, 'name');
  if (name === undefined) throw new MultipartError('a part has no name');
  return { name, filename: parameterOf(disposition, 'filename'), type: headers.get('content-type') };
};

/** A parameter as browsers write it: quoted, with %22 for a quote; clients that put a backslash before it are read too. */
const parameterOf = (disposition: string, wanted: string): string | undefined => {
  for (const [, name, quoted, bare] of disposition.matchAll(/;\s*([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g)) {
    if (name?.toLowerCase() !== wanted) continue;
    return (quoted?.replaceAll(/\\(["\\])/g, '$1') ?? bare ?? '')
      .replaceAll('%22', '"')
      .replaceAll(/%0D/gi, '\r')
      .replaceAll(/%0A/gi, '\n');
  }
  return undefined;
};
