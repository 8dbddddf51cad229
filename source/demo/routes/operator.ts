// The operator's and the tests' way in, which no stall holds and nothing counts: knobs, and what was counted.
import { EventError, readJson } from '../event.ts';
import type { Exchange } from '../exchange.ts';
import { KnobError, type KnobPatch, lastingKnobs, readKnobPatch } from '../knobs.ts';
import type { Listener } from '../listener.ts';
import type { Part } from '../part.ts';
import type { Route } from '../routing-table.ts';

export class OperatorPart implements Part {
  readonly name = 'operator';
  readonly routes: readonly Route[];
  readonly #listener: Listener;
  readonly #parts: readonly Part[];
  #since = new Date();

  constructor(listener: Listener, parts: readonly Part[]) {
    this.#listener = listener;
    this.#parts = parts;
    const route = (method: Route['method'], path: string, handle: Route['handle']): Route => ({
      method,
      path,
      role: 'operator',
      handle,
    });
    this.routes = [
      route('GET', '/knobs', (exchange) => exchange.sendJson(200, knobsOf(exchange))),
      route('PUT', '/knobs', (exchange) => exchange.readBody((body) => this.#turnKnobs(exchange, body))),
      route('GET', '/counters', (exchange) => exchange.sendJson(200, this.#counters(exchange))),
      route('POST', '/counters/reset', (exchange) => this.#reset(exchange)),
    ];
  }

  #turnKnobs(exchange: Exchange, body: Buffer): void {
    const { knobs, gate } = exchange.house;
    try {
      const patch = readKnobPatch(readJson(body), knobs);
      Object.assign(knobs, lastingKnobs(knobs, patch));
      if (patch.stallMs !== undefined) gate.stall(patch.stallMs);
      this.#answerKnobs(exchange, patch);
    } catch (error) {
      if (!(error instanceof KnobError || error instanceof EventError)) throw error;
      exchange.sendJson(400, { error: error.message });
    }
  }

  #answerKnobs(exchange: Exchange, patch: KnobPatch): void {
    const forGood = patch.listen === false && patch.listenOffMs === undefined;
    const off = forGood || (patch.listenOffMs !== undefined && patch.listenOffMs > 0);
    if (off) {
      exchange.response.setHeader('connection', 'close');
      exchange.response.once('close', () => this.#listener.drop());
      // Before the answer: whoever reads it is already refused.
      this.#listener.off(patch.listenOffMs);
    }
    exchange.sendJson(200, { ...knobsOf(exchange), listen: !off });
  }

  #counters(exchange: Exchange): object {
    const own = this.#parts.flatMap((part) => (part.counts ? [[part.name, part.counts()] as const] : []));
    return { since: this.#since.toISOString(), ...exchange.house.tally.counts(), ...Object.fromEntries(own) };
  }

  #reset(exchange: Exchange): void {
    this.#since = new Date();
    exchange.house.tally.reset();
    for (const part of this.#parts) part.reset?.();
    exchange.sendJson(200, { since: this.#since.toISOString() });
  }
}

const knobsOf = ({ house }: Exchange): object => ({
  ...house.knobs,
  stallMs: Math.round(house.gate.remainingMs),
  listen: true,
});
