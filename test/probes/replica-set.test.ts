// What replSetGetStatus says, by value.
import { expect, test } from 'vitest';
import { membersTable, replicationNotices, replicationRows } from '../../source/probes/replica-set.ts';
import { type MemberDocument, replSetGetStatus } from '../helpers/mongo-documents.ts';

const primary: MemberDocument = { name: 'db1:27017', state: 1 };

test.each<[string, MemberDocument[], object]>([
  ['none', [primary, { name: 'b', state: 2, behind: 0 }], { value: 0, level: 'ok', unit: 's' }],
  ['at the limit', [primary, { name: 'b', state: 2, behind: 10 }], { value: 10, level: 'ok' }],
  [
    'the worst counts',
    [primary, { name: 'b', state: 2, behind: 2 }, { name: 'c', state: 2, behind: 42 }],
    { value: 42, level: 'warn' },
  ],
  ['far behind, recovering', [primary, { name: 'b', state: 3, behind: 61 }], { value: 61, level: 'bad' }],
  ['never less than none', [primary, { name: 'b', state: 2, behind: -3 }], { value: 0 }],
  [
    'who is down or an arbiter does not count',
    [primary, { name: 'b', state: 8 }, { name: 'c', state: 7 }],
    { value: 'the set has no secondary that is up' },
  ],
  [
    'without a primary',
    [
      { name: 'b', state: 2 },
      { name: 'c', state: 2, behind: 5 },
    ],
    { value: 'the set has no primary' },
  ],
])('lag: %s', (_, members, expected) => {
  expect(replicationRows(replSetGetStatus(members)).lag).toMatchObject({ label: 'replication lag', ...expected });
});

test('members that are down are counted, and named in the table', () => {
  const status = replSetGetStatus([
    primary,
    { name: 'db2\u001b[31m', state: 2, behind: 12 },
    { name: 'db3', state: 8 },
  ]);
  expect(replicationRows(status).down).toMatchObject({ label: 'members down', value: 1, level: 'bad' });
  expect(membersTable(status).rows).toEqual([
    ['db1:27017', { value: 'primary', level: 'ok' }, undefined, undefined, ''],
    ['db2 [31m', { value: 'secondary', level: 'ok' }, { value: 12, level: 'warn' }, 3, 'db1:27017'],
    ['db3', { value: 'not reachable', level: 'bad' }, undefined, 3, 'db1:27017'],
  ]);
});

test('a new primary is told, once, and not where it is the server itself', () => {
  const before = replSetGetStatus([
    { name: 'a', state: 2 },
    { name: 'b', state: 1 },
    { name: 'c', state: 2 },
  ]);
  const after = replSetGetStatus([
    { name: 'a', state: 2 },
    { name: 'b', state: 2 },
    { name: 'c', state: 1 },
  ]);
  const none = replSetGetStatus([
    { name: 'a', state: 2 },
    { name: 'b', state: 2 },
    { name: 'c', state: 8 },
  ]);
  const self = replSetGetStatus([
    { name: 'a', state: 1 },
    { name: 'b', state: 2 },
    { name: 'c', state: 2 },
  ]);
  const told = (was: typeof before | undefined, is: typeof before) =>
    replicationNotices(was, is).map(({ text }) => text);
  expect(told(before, after)).toEqual(['c is primary now, was b']);
  expect(told(before, none)).toEqual(['its set has no primary, was b']);
  expect(told(none, after)).toEqual(['c is primary now, was nobody']);
  expect([told(before, before), told(before, self), told(undefined, after)]).toEqual([[], [], []]);
});

test.each([{}, { members: 'x' }, { members: [null, 7, {}, { name: 3, optimeDate: 'now' }] }])(
  'a document of another shape (%j) is a gap',
  (status) => {
    expect(replicationRows(status).lag.value).toBe('the set has no primary');
    expect(membersTable(status).title).toBe('members');
  },
);
