// One timing wheel for the deadlines of all requests of a worker (Varghese & Lauck 1987, scheme 6: a hashed wheel), in
// place of a timer for each request: starting and ending a request costs a few pointer writes.

/** Length of one step of the wheel, ms: how late a deadline may be seen. */
export const wheelStepMs = 10;

/** Steps of the wheel; a deadline further away than a turn stays for another. */
const steps = 1024;

/** Something that has a deadline: a node of the wheel's lists. */
export class Deadline {
  /** Run clock, ms. */
  dueAt = 0;
  previous: Deadline | undefined = undefined;
  next: Deadline | undefined = undefined;
}

export class Deadlines<Node extends Deadline> {
  /** Heads of the lists, one for each step; a head's `next` is the first node. */
  readonly #slots = Array.from({ length: steps }, () => new Deadline());
  /** The step up to which deadlines were looked at. */
  #seen: number;

  /** @param now run clock, ms */
  constructor(now: number) {
    this.#seen = Math.floor(now / wheelStepMs);
  }

  /** Adds a deadline at `dueAt` (run clock, ms). The node must not be in the wheel. */
  add(node: Node, dueAt: number): void {
    node.dueAt = dueAt;
    // What is due already is seen with the next step.
    const step = Math.max(this.#seen + 1, Math.ceil(dueAt / wheelStepMs));
    insert(node, this.#slots[step & (steps - 1)]!);
  }

  /** Takes a node out; one that is not in the wheel stays as it is. */
  remove(node: Node): void {
    const { previous, next } = node;
    if (!previous) return;
    previous.next = next;
    if (next) next.previous = previous;
    node.previous = undefined;
    node.next = undefined;
  }

  /** Takes out all nodes whose deadline has passed and hands them to `expire`. */
  advance(now: number, expire: (node: Node) => void): void {
    const step = Math.floor(now / wheelStepMs);
    // After a long stand-still one turn sees everything.
    const from = Math.max(this.#seen + 1, step - steps + 1);
    this.#seen = Math.max(this.#seen, step);
    for (let at = from; at <= step; at += 1) this.#look(this.#slots[at & (steps - 1)]!, now, expire);
  }

  /** Takes out all nodes, whenever they are due, and hands them to `visit`. */
  drain(visit: (node: Node) => void): void {
    for (const head of this.#slots) this.#look(head, Infinity, visit);
  }

  #look(head: Deadline, now: number, expire: (node: Node) => void): void {
    // What expires may take its neighbours out: first all that are due are put aside.
    const due = new Deadline();
    let node = head.next as Node | undefined;
    while (node) {
      const next = node.next as Node | undefined;
      if (node.dueAt <= now) {
        this.remove(node);
        insert(node, due);
      }
      node = next;
    }
    for (let first = due.next as Node | undefined; first; first = due.next as Node | undefined) {
      this.remove(first);
      expire(first);
    }
  }
}

/** Puts a node right behind the head of a list. */
const insert = (node: Deadline, head: Deadline): void => {
  node.previous = head;
  node.next = head.next;
  if (head.next) head.next.previous = node;
  head.next = node;
};
