// The addresses of the target: given out in turn, and set aside while they refuse.

import type { Address } from './protocol.ts';

/**
 * One that refuses is set aside until names are resolved again, as long as another accepts: `localhost` is often two
 * addresses of which one has no listener.
 */
export class AddressBook {
  #addresses: readonly Address[];
  #aside = new Set<string>();
  #turn: number;

  /** @param turn where to begin: workers begin at different addresses, so that few connections spread as well */
  constructor(addresses: readonly Address[], turn = 0) {
    this.#addresses = addresses;
    this.#turn = turn;
  }

  /** Replaces all addresses; those set aside get another chance. */
  update(addresses: readonly Address[]): void {
    this.#addresses = addresses;
    this.#aside.clear();
  }

  /** Addresses to try for one connection, the best first; those set aside only where there is no other. */
  candidates(): readonly Address[] {
    const turn = this.#turn++;
    const usable = this.#addresses.filter(({ address }) => !this.#aside.has(address));
    const from = usable.length > 0 ? usable : this.#addresses;
    return from.map((_, index) => from[(turn + index) % from.length]!);
  }

  /** Sets an address aside because another accepted what it refused. */
  setAside(address: Address): void {
    this.#aside.add(address.address);
  }
}
