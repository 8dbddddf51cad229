// Connections spread over all addresses, and one that refuses is left alone as long as another accepts.

import { describe, expect, it } from 'vitest';
import { AddressBook } from '../../source/engine/address-book.ts';
import type { Address } from '../../source/engine/protocol.ts';

const [a, b, c] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address): Address => ({ address, family: 4 })) as [
  Address,
  Address,
  Address,
];

const firsts = (book: AddressBook, count: number): (string | undefined)[] =>
  Array.from({ length: count }, () => book.candidates()[0]?.address);

describe('the addresses of a target', () => {
  it('are given out in turn, each connection with all others to fall back on', () => {
    const book = new AddressBook([a, b, c]);
    expect(book.candidates()).toEqual([a, b, c]);
    expect(book.candidates()).toEqual([b, c, a]);
    expect(book.candidates()).toEqual([c, a, b]);
    expect(book.candidates()).toEqual([a, b, c]);
  });

  it('lose one that refused, and the others share its part', () => {
    const book = new AddressBook([a, b, c]);
    book.setAside(b);
    const given = firsts(book, 10);
    expect(given).not.toContain(b.address);
    expect(given.filter((address) => address === a.address)).toHaveLength(5);
    expect(book.candidates()).toHaveLength(2);
  });

  it('are all tried again where every one of them refused', () => {
    const book = new AddressBook([a, b]);
    book.setAside(a);
    book.setAside(b);
    expect(new Set(book.candidates())).toEqual(new Set([a, b]));
  });

  it('get another chance when names are resolved again', () => {
    const book = new AddressBook([a, b]);
    book.setAside(a);
    book.update([a, c]);
    expect(new Set(firsts(book, 2))).toEqual(new Set([a.address, c.address]));
  });
});
