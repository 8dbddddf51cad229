// What goes out on one HTTP/1.1 connection: requests that are made while answers are read are put together and written in one
// go, and for each it is known when its last byte is out. What is on its way when the connection is left never will be.

import type { Socket } from 'node:net';

/** Requests up to this size are expected to go out with the write itself. */
const smallBytes = 16_384;
const nothing = Buffer.alloc(0);

/** Something whose request goes out. */
export interface Outgoing {
  /** Its last byte is out. */
  wasSent(): void;
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

  /** Sends the bytes of an item, `rest` behind `head`. */
  put(item: Item, head: Buffer, rest: Buffer | null): void {
    this.#unsent.push(item);
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
    const gathered = this.#gathered.length;
    this.#gathered.length = 0;
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
