// What goes out on one HTTP/1.1 connection: requests that are made while answers are read are put together and written in one
// go, and for each it is known when its last byte is out. What is on its way when the connection is left never will be.

import type { Socket } from 'node:net';
import { type UploadBody, UploadPump } from './upload.ts';

/** Requests up to this size are expected to go out with the write itself. */
const smallBytes = 16_384;
const nothing = Buffer.alloc(0);

/** Something whose request goes out. */
export interface Outgoing {
  /** Its last byte is out. */
  wasSent(): void;
  /** So many bytes of a body are out that goes out piece by piece. */
  moved(bytes: number): void;
  /** The rest of such a body cannot be read. */
  cannotSend(error: Error): void;
}

/** What is sent for an item: `rest` or `upload` behind `head`. */
interface Parcel {
  readonly head: Buffer;
  readonly rest: Buffer | null;
  readonly upload: UploadBody | null;
}

export class Outbox<Item extends Outgoing> {
  /** The socket tells late, and only by callback, what is out: TLS encrypts first. */
  readonly #isSecure: boolean;
  #socket: Socket | undefined;
  /** Items whose requests are on their way or gathered, and how many each write has. */
  readonly #unsent: Item[] = [];
  readonly #writes: number[] = [];
  /** Bytes that are to be written in one go. */
  readonly #gathered: Buffer[] = [];
  #gathers = false;
  /** Sends the body of the oldest item, and what is to go out behind it. */
  #pump: UploadPump | undefined;
  readonly #behind: Parcel[] = [];
  #written: (error?: Error | null) => void = () => {};

  constructor(isSecure: boolean) {
    this.#isSecure = isSecure;
  }

  /** From now on everything goes to a new socket. */
  attach(socket: Socket): void {
    this.#socket = socket;
    this.#written = (error) => {
      // Node calls back without an error for a write that ended with its socket.
      if (!error && !socket.destroyed && this.#socket === socket) this.#sent();
    };
  }

  /** Whether bytes of an item are still to go out. */
  holds(item: Item): boolean {
    return this.#unsent.includes(item);
  }

  /** Sends the bytes of an item. */
  put(item: Item, head: Buffer, rest: Buffer | null, upload: UploadBody | null): void {
    this.#unsent.push(item);
    if (this.#pump) this.#behind.push({ head, rest, upload });
    else if (upload) this.#stream(item, head, upload);
    else this.#put(head, rest);
  }

  #put(head: Buffer, rest: Buffer | null): void {
    if (rest) {
      this.#flush();
      this.#writes.push(1);
      const socket = this.#socket!;
      socket.cork();
      socket.write(head);
      socket.write(rest, this.#written);
      socket.uncork();
    } else if (this.#gathers) this.#gathered.push(head);
    else this.#write(head, 1);
  }

  /** Sends a body piece by piece; what comes meanwhile waits behind it. */
  #stream(item: Item, head: Buffer, upload: UploadBody): void {
    this.#flush();
    this.#writes.push(1);
    const socket = this.#socket!;
    const pump = new UploadPump(upload, {
      write: (bytes, _, done) => void socket.write(bytes, done),
      moved: (bytes) => item.moved(bytes),
      ended: () => this.#streamed(pump),
      failed: (error) => item.cannotSend(error),
    });
    this.#pump = pump;
    socket.cork();
    socket.write(head);
    pump.start();
    socket.uncork();
  }

  #streamed(pump: UploadPump): void {
    this.#sent();
    // What was told of may have left the socket.
    if (this.#pump !== pump) return;
    this.#pump = undefined;
    // The items behind it are the last of those that are not out.
    while (!this.#pump && this.#behind.length > 0) {
      const item = this.#unsent[this.#unsent.length - this.#behind.length]!;
      const { head, rest, upload } = this.#behind.shift()!;
      if (upload) this.#stream(item, head, upload);
      else this.#put(head, rest);
    }
  }

  /** Puts together what is sent until `release`. */
  gather(): void {
    this.#gathers = true;
  }

  /** Sends what was gathered. */
  release(): void {
    this.#gathers = false;
    this.#flush();
  }

  /**
   * Forgets the socket.
   * @returns items that were on their way, and how many after them were only gathered: nothing of those was written
   */
  leave(): { readonly unsent: readonly Item[]; readonly gathered: number } {
    this.#socket = undefined;
    const gathered = this.#gathered.length + this.#behind.length;
    this.#gathered.length = 0;
    this.#behind.length = 0;
    this.#pump?.stop();
    this.#pump = undefined;
    this.#writes.length = 0;
    const unsent = this.#unsent.splice(0, this.#unsent.length - gathered);
    this.#unsent.length = 0;
    return { unsent, gathered };
  }

  #flush(): void {
    const gathered = this.#gathered;
    const { length } = gathered;
    if (length === 0) return;
    const bytes = length === 1 ? gathered[0]! : Buffer.concat(gathered);
    gathered.length = 0;
    this.#write(bytes, length);
  }

  /** Writes the bytes of so many items. */
  #write(bytes: Buffer, items: number): void {
    const socket = this.#socket!;
    this.#writes.push(items);
    if (bytes.length > smallBytes || this.#isSecure) {
      socket.write(bytes, this.#written);
      return;
    }
    // A callback costs a tick of the event loop: almost always the bytes are out when write returns.
    socket.write(bytes);
    // A write can fail at once; the socket tells of it later.
    if (!socket.writable) return;
    if (socket.writableLength === 0) this.#sent();
    else socket.write(nothing, this.#written);
  }

  /** The oldest write is out. */
  #sent(): void {
    for (let count = this.#writes.shift() ?? 0; count > 0; count -= 1) this.#unsent.shift()?.wasSent();
  }
}
