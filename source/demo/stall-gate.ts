// All answers of the service pass here. During a stall they wait, and when it ends they go out in the order in which
// they came to the gate, as after a long garbage collection or a lost lock.

export class StallGate {
  #held: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #until = 0;

  /** Runs `answer` now, or at the end of the stall. */
  pass(answer: () => void): void {
    if (this.#timer) this.#held.push(answer);
    else answer();
  }

  /** True while answers wait. */
  get stalled(): boolean {
    return this.#timer !== undefined;
  }

  /** Rest of the stall in ms. */
  get remainingMs(): number {
    return this.#timer ? Math.max(0, this.#until - performance.now()) : 0;
  }

  /** Holds answers for `ms` from now, whatever was left of a stall before; 0 lets them go. */
  stall(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (ms > 0) {
      this.#until = performance.now() + ms;
      this.#timer = setTimeout(() => this.stall(0), ms);
      return;
    }
    const held = this.#held;
    this.#held = [];
    for (const answer of held) answer();
  }
}
