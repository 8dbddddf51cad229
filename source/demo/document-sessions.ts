// The document sessions of the demo, in memory and bounded: of documents only what they are called and how large they are.
// What was done in a session, in which order, is kept for tests.
import { randomUUID } from 'node:crypto';

export interface Document {
  readonly id: string;
  readonly filename: string;
  readonly bytes: number;
}

/** What is done in a session; it begins with `create`. */
export type SessionStep = 'upload' | 'list' | 'delete document';

interface Session {
  readonly id: string;
  readonly createdAt: Date;
  readonly documents: Map<string, Document>;
  readonly steps: string[];
}

export interface SessionView {
  readonly id: string;
  readonly created_at: string;
  readonly documents: readonly Document[];
}

export const documentLimit = 1000;
/** Steps of a session that are kept. */
const stepLimit = 20;
/** Orders that are told apart. */
const orderLimit = 100;
/** Sessions that /counters names. */
const namedLimit = 100;

const viewOf = ({ id, createdAt, documents }: Session): SessionView => ({
  id,
  created_at: createdAt.toISOString(),
  documents: [...documents.values()],
});

export class DocumentSessions {
  readonly #sessions = new Map<string, Session>();
  #created = 0;
  #deleted = 0;
  /** Asked for, and not there. */
  #missed = 0;
  #full = 0;
  #documentsAdded = 0;
  #documentsDeleted = 0;
  #mostOpen = 0;
  #orders = new Map<string, number>();

  get size(): number {
    return this.#sessions.size;
  }

  /** A new session, or undefined where `limit` are open. */
  create(limit: number): SessionView | undefined {
    if (this.#sessions.size >= limit) {
      this.#full += 1;
      return undefined;
    }
    const session: Session = { id: randomUUID(), createdAt: new Date(), documents: new Map(), steps: ['create'] };
    this.#sessions.set(session.id, session);
    this.#created += 1;
    this.#mostOpen = Math.max(this.#mostOpen, this.#sessions.size);
    return viewOf(session);
  }

  read(id: string): SessionView | undefined {
    const session = this.#find(id, 'list');
    return session && viewOf(session);
  }

  /** The documents that were added; undefined where there is no such session, `full` where it has no room for all. */
  add(id: string, files: readonly Omit<Document, 'id'>[]): readonly Document[] | 'full' | undefined {
    const session = this.#find(id, 'upload');
    if (!session) return undefined;
    if (session.documents.size + files.length > documentLimit) return 'full';
    const added = files.map((file) => ({ id: randomUUID(), ...file }));
    for (const document of added) session.documents.set(document.id, document);
    this.#documentsAdded += added.length;
    return added;
  }

  /** False where there is no such session, or no such document in it. */
  deleteDocument(id: string, documentId: string): boolean {
    const session = this.#find(id, 'delete document');
    if (!session?.documents.delete(documentId)) return false;
    this.#documentsDeleted += 1;
    return true;
  }

  /** Deletes the session with its documents; false where there is none. */
  delete(id: string): boolean {
    const session = this.#sessions.get(id);
    if (!session) {
      this.#missed += 1;
      return false;
    }
    this.#sessions.delete(id);
    this.#deleted += 1;
    this.#documentsDeleted += session.documents.size;
    const order = [...session.steps, 'delete'].join(' → ');
    const known = this.#orders.has(order) || this.#orders.size < orderLimit ? order : 'other';
    this.#orders.set(known, (this.#orders.get(known) ?? 0) + 1);
    return true;
  }

  /** The documents of all sessions, `limit` at the most, oldest session first. */
  documents(limit: number): readonly Document[] {
    const found: Document[] = [];
    for (const { documents } of this.#sessions.values()) {
      for (const document of documents.values()) {
        if (found.length === limit) return found;
        found.push(document);
      }
    }
    return found;
  }

  counts(): object {
    const left = [...this.#sessions.values()].slice(0, namedLimit);
    return {
      created: this.#created,
      deleted: this.#deleted,
      left: this.#sessions.size,
      mostOpen: this.#mostOpen,
      missed: this.#missed,
      full: this.#full,
      documentsAdded: this.#documentsAdded,
      documentsDeleted: this.#documentsDeleted,
      /** What was done in the sessions that are deleted, in which order. */
      orders: Object.fromEntries(this.#orders),
      leftOpen: left.map(({ id, steps }) => ({ id, order: steps.join(' → ') })),
    };
  }

  /** Counts anew; the sessions stay. */
  reset(): void {
    this.#created = 0;
    this.#deleted = 0;
    this.#missed = 0;
    this.#full = 0;
    this.#documentsAdded = 0;
    this.#documentsDeleted = 0;
    this.#mostOpen = this.#sessions.size;
    this.#orders = new Map();
  }

  #find(id: string, step: SessionStep): Session | undefined {
    const session = this.#sessions.get(id);
    if (!session) this.#missed += 1;
    else if (session.steps.length < stepLimit) session.steps.push(step);
    return session;
  }
}
