// When each event of a streamed answer was written, for tests that hold a client's times against the truth. Bounded: the
// oldest answers go first.
import { monotonicNow } from '../common/clock.ts';

export type ChatEventType = 'token' | 'broken' | 'usage' | 'done';

export interface ChatEvent {
  readonly type: ChatEventType;
  /** Right before it was handed to the socket, in ms since 1970 on a clock that never goes back. */
  readonly at: number;
}

export interface ChatEntry {
  readonly chatId: string;
  readonly receivedAt: number;
  readonly events: ChatEvent[];
  /** How it ended; null while it goes on. */
  ended: 'done' | 'cut' | 'left' | null;
}

/** Events in all entries together. */
const eventLimit = 200_000;

/** The clock of the log. */
export const logNow = (): number => performance.timeOrigin + performance.now();

export class ChatLog {
  #entries: ChatEntry[] = [];
  #events = 0;

  open(chatId: string): ChatEntry {
    const entry: ChatEntry = { chatId, receivedAt: logNow(), events: [], ended: null };
    this.#entries.push(entry);
    return entry;
  }

  add(entry: ChatEntry, type: ChatEventType): void {
    entry.events.push({ type, at: logNow() });
    this.#events += 1;
    if (this.#events <= eventLimit || this.#entries.length === 1) return;
    // A tenth at once: to move all entries for each event would cost more than the answers.
    this.#keep(this.#entries.slice(Math.ceil(this.#entries.length / 10)));
  }

  /** The entries, of one chat or all, oldest first. */
  read(chatId: string | undefined): object {
    return {
      // Added to an instant here, it gives the machine's monotonic clock, which all processes of a machine share.
      monotonicOffsetMs: monotonicNow() - logNow(),
      streams: chatId === undefined ? this.#entries : this.#entries.filter((entry) => entry.chatId === chatId),
    };
  }

  /** Forgets the answers that are over. */
  reset(): void {
    this.#keep(this.#entries.filter((entry) => entry.ended === null));
  }

  #keep(entries: ChatEntry[]): void {
    this.#entries = entries;
    this.#events = entries.reduce((sum, { events }) => sum + events.length, 0);
  }
}
