// Which hosts count as this machine or a private network, at the edges of each range.
import { expect, test } from 'vitest';
import { isLocalOrPrivate } from '../../source/common/address.ts';

test.each([
  'localhost',
  'LOCALHOST',
  'localhost.',
  'api.localhost',
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.0.0.1',
  '10.255.255.255',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '::1',
  '[::1]',
  '::',
  '0:0:0:0:0:0:0:1',
  'fc00::1',
  'fdff:ffff::1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '[::ffff:c0a8:1]',
])('%s is local or private', (host) => {
  expect(isLocalOrPrivate(host)).toBe(true);
});

test.each([
  'example.com',
  'localhost.example.com',
  'notlocalhost',
  '10.example.com',
  '8.8.8.8',
  '11.0.0.1',
  '172.15.255.255',
  '172.32.0.0',
  '192.169.0.1',
  // A cloud's metadata service, a carrier's network, a link: not ours to load unasked.
  '169.254.169.254',
  '100.64.0.1',
  'fe80::1%eth0',
  'febf::1',
  '127.0.0.256',
  '127.1',
  '010.0.0.1',
  '2001:db8::1',
  'fec0::1',
  'fbff::1',
  '::2',
  '::ffff:8.8.8.8',
  '1::2::3',
  'fe80',
  '::1:2:3:4:5:6:7:8',
  '',
])('%s is neither', (host) => {
  expect(isLocalOrPrivate(host)).toBe(false);
});
