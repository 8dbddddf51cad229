// What a recording says of resources, also where it was cut off, and what is added to it.

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { appendRemoved, readResources } from '../../source/outputs/recorded-resources.ts';
import { replay } from '../../source/session/replay.ts';
import { fixtureRunInfo } from '../helpers/events.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-resources-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const head = { loadtop: 1, run: fixtureRunInfo(), plan: { revision: 0, segments: [] }, endsAt: null };

let files = 0;
const recording = (events: readonly object[], rest = ''): string => {
  files += 1;
  const file = path.join(folder, `${files}.jsonl`);
  const lines = [head, ...events.map((event, index) => ({ sequence: index + 1, at: index * 10, ...event }))];
  writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n${rest}`);
  return file;
};

const change = (made: readonly unknown[], removed: readonly string[] = []) => ({
  type: 'resources/changed',
  made,
  removed,
});

describe('a recording', () => {
  it('knows what was made and not removed', async () => {
    const file = recording([
      change(['DELETE /a/1', 'DELETE /a/2']),
      { type: 'note/added', text: 'no "resources/changed" here, and a long text before it' },
      change(['POST /b?x=%20'], ['DELETE /a/1']),
      { type: 'run/closed', reason: 'stopped', summary: {} },
    ]);
    const found = await readResources(file);
    expect([...found.held]).toEqual(['DELETE /a/2', 'POST /b?x=%20']);
    expect(found).toMatchObject({ beyond: 0, isClosed: true, sequence: 4, at: 30, run: { name: head.run.name } });
    expect(found.endsAt).toBe(readFileSync(file).length);
  });

  it('is read up to the line in which it was cut off', async () => {
    const cut = '{"sequence":2,"at":11,"type":"resources/changed","made":["DELETE /a/7"],"rem';
    const file = recording([change(['DELETE /a/1'])], cut);
    const found = await readResources(file);
    expect([[...found.held], found.isClosed, found.sequence]).toEqual([['DELETE /a/1'], false, 1]);
    expect(found.endsAt).toBe(readFileSync(file).length - cut.length);
  });

  it('takes what is no request for none', async () => {
    const file = recording([
      change(['GET /a', 'DELETE http://elsewhere/', 'DELETE /a b', 'DELETE /a\r\nX: y', 'DELETE a', 7, 'DELETE /ok']),
    ]);
    expect([...(await readResources(file)).held]).toEqual(['DELETE /ok']);
  });

  it('of very many is read in parts', async () => {
    const file = recording([change(['DELETE /1', 'DELETE /2', 'DELETE /3'], []), change([], ['DELETE /3'])]);
    const found = await readResources(file, 2);
    expect([[...found.held], found.beyond]).toEqual([['DELETE /1', 'DELETE /2'], 0]);
  });

  it.each([
    ['nothing', ''],
    ['other text', 'hello\nworld\n'],
    ['other JSON', '{"a":1}\n'],
  ])('is none where it is %s', async (_, text) => {
    const file = path.join(folder, 'other');
    writeFileSync(file, text);
    expect((await readResources(file)).run).toBeUndefined();
  });
});

describe('what is removed later', () => {
  it('is kept behind the last whole line, and can be replayed', async () => {
    const file = recording([change(['DELETE /a/1', 'DELETE /a/2', 'DELETE /a/3'])], '{"sequence":2,"at":1');
    const found = await readResources(file);
    const endsAt = await appendRemoved(file, found, ['DELETE /a/1']);
    await appendRemoved(file, { ...found, endsAt, sequence: found.sequence + 1 }, ['DELETE /a/3']);
    expect([...(await readResources(file)).held]).toEqual(['DELETE /a/2']);
    const events = [...replay(readFileSync(file, 'utf8').split('\n'))];
    expect(events.slice(1).map(({ type, sequence }) => [type, sequence])).toEqual([
      ['resources/changed', 1],
      ['resources/changed', 2],
      ['resources/changed', 3],
    ]);
  });

  it('may be followed by nothing that was there before', async () => {
    const file = recording([change(['DELETE /a/1'])]);
    appendFileSync(file, 'x'.repeat(5000));
    await appendRemoved(file, await readResources(file), ['DELETE /a/1']);
    expect(readFileSync(file, 'utf8')).toMatch(/"removed":\["DELETE \/a\/1"\]\}\n$/);
  });
});
