// MongoDB's wire format: cuts messages out of a stream of bytes, decodes commands, encodes replies. Pure, and strict: what
// is not a message throws. Sockets are mongo-wire.ts; what commands mean is their handler's.
import { BSON } from 'mongodb';

export interface WireDocument {
  readonly [key: string]: unknown;
}

/** A command with its document sequences in place, their documents still encoded (Uint8Array). */
export interface WireMessage {
  readonly requestId: number;
  readonly command: WireDocument;
  /** False for an unacknowledged write: nobody waits for an answer. */
  readonly wantsReply: boolean;
  /** It came as OP_QUERY, as the first word of a driver does, and is answered in kind. */
  readonly legacy: boolean;
}

/** Bytes that are no message of this protocol. */
export class WireError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WireError';
  }
}

const headBytes = 16;
/** What servers say they take at most, and refuse beyond. */
export const messageLimit = 48_000_000;

const opReply = 1;
const opQuery = 2004;
const opMessage = 2013;

const checksumPresent = 1;
const moreToCome = 2;
/** Flags 0-15 must be understood by who reads them. */
const unknownRequired = 0xffff & ~(checksumPresent | moreToCome);

/** Whole messages out of pieces as they come; a large message is put together once, when all of it is there. */
export class MessageCutter {
  #pieces: Buffer[] = [];
  #length = 0;
  #wanted = headBytes;

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /**
   * The next whole message, or undefined while there is none.
   * @throws WireError for a length that cannot be
   */
  next(): Buffer | undefined {
    if (this.#length < this.#wanted) return undefined;
    const all = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    this.#pieces = [all];
    const length = all.readInt32LE(0);
    if (length < headBytes || length > messageLimit) throw new WireError(`a message of ${length} bytes`);
    this.#wanted = length;
    if (all.length < length) return undefined;
    const rest = all.subarray(length);
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#length = rest.length;
    this.#wanted = headBytes;
    return all.subarray(0, length);
  }
}

/**
 * The command in a message.
 * @throws WireError, or the decoder's error, where it is none
 */
export const readMessage = (message: Buffer): WireMessage => {
  const requestId = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  if (opCode === opQuery) return { requestId, command: readQuery(message), wantsReply: true, legacy: true };
  if (opCode !== opMessage) throw new WireError(`operation ${opCode}`);
  const flags = message.readUInt32LE(16);
  if (flags & unknownRequired) throw new WireError(`flags ${flags}`);
  const end = message.length - (flags & checksumPresent ? 4 : 0);
  return {
    requestId,
    command: readSections(message.subarray(20, end)),
    wantsReply: !(flags & moreToCome),
    legacy: false,
  };
};

/** Flags, the collection's name, two numbers; then the command. */
const readQuery = (message: Buffer): WireDocument => {
  const nameEnd = message.indexOf(0, 20);
  if (nameEnd === -1) throw new WireError('a name without end');
  return BSON.deserialize(documentAt(message, nameEnd + 9));
};

const readSections = (sections: Buffer): WireDocument => {
  let command: WireDocument | undefined;
  const sequences = new Map<string, Uint8Array[]>();
  for (let at = 0; at < sections.length; ) {
    const kind = sections[at];
    if (kind === 0) {
      const document = documentAt(sections, at + 1);
      if (command) throw new WireError('two bodies');
      command = BSON.deserialize(document);
      at += 1 + document.length;
    } else if (kind === 1) {
      const sequence = slice(sections, at + 1);
      const { name, documents } = readSequence(sequence);
      sequences.set(name, documents);
      at += 1 + sequence.length;
    } else {
      throw new WireError(`a section of kind ${kind}`);
    }
  }
  if (!command) throw new WireError('no body');
  return { ...command, ...Object.fromEntries(sequences) };
};

/** Length, name, documents one after the other: they are counted more often than read, so they stay encoded. */
const readSequence = (sequence: Buffer): { readonly name: string; readonly documents: Uint8Array[] } => {
  const nameEnd = sequence.indexOf(0, 4);
  if (nameEnd === -1) throw new WireError('a name without end');
  const documents: Uint8Array[] = [];
  for (let at = nameEnd + 1; at < sequence.length; ) {
    const document = documentAt(sequence, at);
    documents.push(document);
    at += document.length;
  }
  return { name: sequence.toString('utf8', 4, nameEnd), documents };
};

/** The part that begins at `at` and says its own length first. */
const slice = (bytes: Buffer, at: number): Buffer => {
  const length = at + 4 <= bytes.length ? bytes.readInt32LE(at) : 0;
  if (length < 5 || at + length > bytes.length) throw new WireError('a length that does not fit');
  return bytes.subarray(at, at + length);
};

const documentAt = (bytes: Buffer, at: number): Buffer => {
  const document = slice(bytes, at);
  if (document.at(-1) !== 0) throw new WireError('a document without end');
  return document;
};

/** The reply to a message, ready to be sent. */
export const encodeReply = ({ requestId, legacy }: WireMessage, reply: WireDocument, replyId: number): Buffer => {
  const body = BSON.serialize(reply, { ignoreUndefined: true });
  // OP_REPLY: flags, cursor (8 bytes), starting from, number of documents. OP_MSG: flags, kind of section.
  const head = Buffer.alloc(headBytes + (legacy ? 20 : 5));
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(replyId, 4);
  head.writeInt32LE(requestId, 8);
  head.writeInt32LE(legacy ? opReply : opMessage, 12);
  if (legacy) head.writeInt32LE(1, 32);
  return Buffer.concat([head, body]);
};
