// A server that speaks MongoDB's wire protocol with the official drivers and knows nothing itself: each command is answered
// by a handler. The demo's simulated mongod and the tests' servers are such handlers.
import { createServer, type Server, type Socket } from 'node:net';
import { BSON } from 'mongodb';
import { encodeReply, MessageCutter, messageLimit, readMessage, type WireDocument } from './mongo-message.ts';

export type { WireDocument } from './mongo-message.ts';

/** A reply, or undefined for silence. */
type Answer = WireDocument | undefined;

/**
 * Answers a command. The socket is where it came from: to know who asks, or to end the connection.
 * What it throws is told to the client as an internal error.
 */
export type WireHandler = (command: WireDocument, socket: Socket) => Answer | Promise<Answer>;

/** What went through the server since it began. */
export interface WireTraffic {
  readonly open: number;
  readonly created: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly requests: number;
}

const internalError = 1;

export class MongoWire {
  readonly #handler: WireHandler;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #created = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #requests = 0;

  constructor(handler: WireHandler) {
    this.#handler = handler;
    this.#server = createServer({ noDelay: true }, (socket) => this.#take(socket));
  }

  get traffic(): WireTraffic {
    const [created, bytesIn, bytesOut, requests] = [this.#created, this.#bytesIn, this.#bytesOut, this.#requests];
    return { open: this.#sockets.size, created, bytesIn, bytesOut, requests };
  }

  /** Listens on 127.0.0.1; resolves with the port. Rejects with the system's error. */
  listen(port = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject).on('error', () => {}); // such as no descriptor for a connection
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** Ends the connections there are, as a crash would, and goes on listening. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Takes no more connections, and ends those there are. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.drop();
    });
  }

  #take(socket: Socket): void {
    this.#sockets.add(socket);
    this.#created += 1;
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {}); // the client went away
    const cutter = new MessageCutter();
    let working = false;
    socket.on('data', (piece: Buffer) => {
      this.#bytesIn += piece.length;
      cutter.add(piece);
      if (working) return;
      working = true;
      void this.#work(socket, cutter).finally(() => {
        working = false;
      });
    });
  }

  /** Answers what has come, in its order. Ends the connection at the first byte that makes no sense. Never rejects. */
  async #work(socket: Socket, cutter: MessageCutter): Promise<void> {
    try {
      for (let bytes = cutter.next(); bytes; bytes = cutter.next()) {
        const message = readMessage(bytes);
        this.#requests += 1;
        const reply = await this.#replyTo(message.command, socket);
        if (socket.destroyed) return;
        if (!reply || !message.wantsReply) continue;
        const encoded = encodeReply(message, reply, this.#requests);
        this.#bytesOut += encoded.length;
        socket.write(encoded);
      }
    } catch {
      socket.destroy();
    }
  }

  async #replyTo(command: WireDocument, socket: Socket): Promise<Answer> {
    try {
      return await this.#handler(command, socket);
    } catch (error) {
      return failure(internalError, 'InternalError', error instanceof Error ? error.message : String(error));
    }
  }
}

/** A command's name: its first key. */
export const commandName = (command: WireDocument): string => Object.keys(command)[0] ?? '';

export const failure = (code: number, codeName: string, errmsg: string): WireDocument => ({
  ok: 0,
  errmsg,
  code,
  codeName,
});

/** What a server says of a command that it does not have. */
export const unknownCommand = (command: WireDocument): WireDocument =>
  failure(59, 'CommandNotFound', `no such command: '${commandName(command)}'`);

/** All that an aggregate found, in one batch. */
export const wholeCursor = (ns: string, firstBatch: readonly WireDocument[]): WireDocument => ({
  cursor: { firstBatch, id: BSON.Long.ZERO, ns },
  ok: 1,
});

/** Says hello as a server of that wire version; `more` has the fields of a replica set or of mongos. */
export const helloReply = (maxWireVersion: number, more: WireDocument = {}): WireDocument => ({
  isWritablePrimary: true,
  ismaster: true,
  helloOk: true,
  maxBsonObjectSize: 16 * 1024 * 1024,
  maxMessageSizeBytes: messageLimit,
  maxWriteBatchSize: 100_000,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: 30,
  minWireVersion: 0,
  maxWireVersion,
  readOnly: false,
  ok: 1,
  ...more,
});
