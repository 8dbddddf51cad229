// Connections are kept while somebody has an exchange of them, whether or not a request is on it, and new ones are rationed.

import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { AddressBook } from '../../source/engine/address-book.ts';
import { Dialler } from '../../source/engine/dial.ts';
import type { Exchange } from '../../source/engine/exchange.ts';
import { Pool } from '../../source/engine/pool.ts';
import { plainTransport } from '../helpers/engine-spec.ts';
import { listen } from '../helpers/listen.ts';

const poolOf = async (limit: number, perConnection = 1) => {
  const server = await listen(http.createServer((_, response) => response.end('ok')));
  const origin = { secure: false, hostname: '127.0.0.1', port: server.port };
  const book = new AddressBook([{ address: '127.0.0.1', family: 4 }]);
  const transport = plainTransport(server.port);
  let now = 0;
  const settings = {
    origin,
    dialler: new Dialler({ origin, transport, book, limitMs: 1000 }),
    counterOf: () => ({ requests: 0, notGood: 0 }),
    perConnection,
    keepAlive: true,
    now: () => now,
  };
  const listener = {
    answered: () => {},
    failed: () => {},
    started: () => {},
    connected: () => {},
    moved: () => {},
    uploaded: () => {},
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  return { pool: new Pool(limit, false, settings, listener), pass };
};

const takeAll = (pool: Pool): Exchange[] => {
  const taken: Exchange[] = [];
  for (let one = pool.take(); one; one = pool.take()) taken.push(one);
  return taken;
};

describe('the pool', () => {
  it('keeps a connection that is above a lowered limit while somebody has it', async () => {
    const { pool } = await poolOf(10);
    const taken = takeAll(pool);
    expect(taken).toHaveLength(10);
    pool.limit = 4;
    expect(pool.size).toBe(10);
    for (const exchange of taken) pool.release(exchange);
    expect(pool.size).toBe(4);
    expect(takeAll(pool)).toHaveLength(4);
  });

  it('has all exchanges of its connections again when the limit is raised before they were closed', async () => {
    const { pool } = await poolOf(2, 10);
    const taken = takeAll(pool);
    expect(taken).toHaveLength(20);
    pool.limit = 1;
    for (const exchange of taken.slice(5)) pool.release(exchange);
    pool.limit = 2;
    for (const exchange of taken.slice(0, 5)) pool.release(exchange);
    expect(new Set(takeAll(pool)).size).toBe(20);
  });

  it('hands out an exchange to one taker at a time, the last that came back first', async () => {
    const { pool } = await poolOf(5);
    const taken = takeAll(pool);
    expect(new Set(taken).size).toBe(5);
    pool.release(taken[2]!);
    pool.release(taken[4]!);
    expect([pool.take(), pool.take(), pool.take()]).toEqual([taken[4], taken[2], undefined]);
  });

  it('makes 16 connections at once and then four a millisecond', async () => {
    const { pool, pass } = await poolOf(1000);
    expect(takeAll(pool)).toHaveLength(16);
    expect(pool.nextAt).toBeLessThanOrEqual(1);
    pass(1);
    expect(takeAll(pool)).toHaveLength(4);
    pass(100);
    expect(takeAll(pool)).toHaveLength(16);
    expect(pool.size).toBe(36);
  });

  it('closes a connection at once that is given back for good', async () => {
    const { pool } = await poolOf(3);
    const [first] = takeAll(pool);
    pool.close(first!);
    expect(pool.size).toBe(2);
    expect(takeAll(pool)).toHaveLength(1);
  });
});
