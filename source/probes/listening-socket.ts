// Which sockets of this machine listen where a target is said to be, and how many connections wait there. Reads the head of
// the kernel's tables only. Whose the sockets are is listening-process.ts.

import { closeSync, openSync, readSync } from 'node:fs';
import { endianness, networkInterfaces } from 'node:os';
import { parseIPv4, parseIPv6 } from '../common/address.ts';
import { type ListeningSocket, parseSocketRow } from './process-text.ts';

/**
 * The kernel lists what listens first. So much of a table is read in search of the first row that does not: a
 * machine with more listeners than fit (1,700) is not worth the time.
 */
const longestHead = 256 * 1024;

/** Where to look: a port, and for each address that the host may mean, what a socket there is bound to, closest first. */
export interface LocalEndpoint {
  readonly port: number;
  readonly bound: readonly (readonly string[])[];
}

/** The endpoint of an origin on this machine; undefined for any other host. @throws TypeError for an origin that is no URL */
export const localEndpoint = (origin: string): LocalEndpoint | undefined => {
  const { hostname, port, protocol } = new URL(origin);
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const addresses = ownAddresses(host);
  if (addresses.length === 0) return undefined;
  return { port: Number(port) || (protocol === 'https:' ? 443 : 80), bound: addresses.map(boundFor) };
};

const ownAddresses = (host: string): (readonly number[])[] => {
  if (host === 'localhost' || host.endsWith('.localhost')) return [loopback4, bytesOf6('::1')!];
  const bytes = parseIPv4(host) ?? bytesOf6(host);
  if (!bytes) return [];
  if (bytes.every((byte) => byte === 0)) return [bytes.length === 4 ? loopback4 : bytesOf6('::1')!];
  const [text, own] = [hexOf(bytes), Object.values(networkInterfaces()).flat()];
  const isOwn = own.some((each) => each && hexOf(parseIPv4(each.address) ?? bytesOf6(each.address) ?? []) === text);
  return isOwn || (bytes.length === 4 && bytes[0] === 127) || text === hexOf(bytesOf6('::1')!) ? [bytes] : [];
};

const loopback4 = [127, 0, 0, 1];
const bytesOf6 = (text: string): number[] | undefined => parseIPv6(text)?.flatMap((group) => [group >> 8, group & 255]);

/** A connection goes to the socket of its very address before one of all addresses; a socket of IPv6 may serve IPv4. */
const boundFor = (address: readonly number[]): string[] => {
  const any6 = Array.from({ length: 16 }, () => 0);
  if (address.length === 16) return [address, any6].map(hexOf);
  const mapped = [...any6.slice(0, 10), 255, 255, ...address];
  return [address, mapped, [0, 0, 0, 0], any6].map(hexOf);
};

/** As the kernel prints an address: words of four bytes, as numbers of this machine's byte order. */
const hexOf = (bytes: readonly number[]): string => {
  const words = Array.from({ length: bytes.length / 4 }, (_, index) => bytes.slice(index * 4, index * 4 + 4));
  const ordered = words.flatMap((word) => (endianness() === 'LE' ? word.toReversed() : word));
  return ordered
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
};

/** The sockets that a connection to the endpoint would reach; several where processes share the port. */
export const listeningSockets = (root: string, { port, bound }: LocalEndpoint): ListeningSocket[] => {
  const all = ['net/tcp', 'net/tcp6'].flatMap((name) => socketsOf(`${root}/${name}`, port));
  const reached = new Map<string, ListeningSocket>();
  for (const closestFirst of bound) {
    const address = closestFirst.find((each) => all.some((socket) => socket.address === each));
    for (const socket of all) if (socket.address === address) reached.set(socket.inode, socket);
  }
  return [...reached.values()];
};

/** What listens on a port, of one table; nothing where there is no table. */
const socketsOf = (path: string, port: number): ListeningSocket[] => {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return [];
  }
  try {
    return scan(file, port);
  } finally {
    closeSync(file);
  }
};

const scan = (file: number, port: number): ListeningSocket[] => {
  const found: ListeningSocket[] = [];
  const buffer = Buffer.allocUnsafe(16 * 1024);
  let rest = '';
  for (let length = 0; length < longestHead; ) {
    const read = readSync(file, buffer, 0, buffer.length, null);
    const lines = (rest + buffer.toString('latin1', 0, read)).split('\n');
    rest = read > 0 ? (lines.pop() ?? '') : '';
    for (const line of lines) {
      const row = parseSocketRow(line);
      if (row === 'other') return found;
      if (row?.port === port) found.push(row);
    }
    if (read === 0) return found;
    length += read;
  }
  return found;
};
