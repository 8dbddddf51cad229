// What the demo target demands of an upload and of a chat, and the order in which it writes a chat's answer.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatLog } from '../../source/demo/chat-log.ts';
import { checkChat } from '../../source/demo/chat-request.ts';
import { eventsOf } from '../../source/demo/chat-stream.ts';
import type { ReadPart } from '../../source/demo/read-parts.ts';
import { checkParts, keyFault } from '../../source/demo/routes/batch-insert.ts';
import { bearerFault } from '../../source/demo/routes/chat.ts';

const file: ReadPart = { name: 'file', filename: '4lakh1.csv', type: 'text/csv', bytes: 9, text: undefined };
const field = (text: string, name = 'json'): ReadPart => ({
  name,
  filename: undefined,
  type: undefined,
  bytes: text.length,
  text,
});
const list = field('{"list_id":"l-1"}');

describe('the parts of an upload', () => {
  it('are a file and the list it goes to', () => {
    expect(checkParts([file, list])).toEqual({ listId: 'l-1', file });
  });

  it.each<[string, ReadPart[], string]>([
    ['none', [], 'the parts are none; file, json were expected, in this order'],
    ['in another order', [list, file], 'the parts are json, file; file, json were expected, in this order'],
    ['without the list', [file], 'the parts are file; file, json were expected, in this order'],
    ['with one more', [file, list, list], 'the parts are file, json, json; file, json were expected, in this order'],
    ['with a file that has no name', [{ ...file, filename: undefined }, list], 'the part file has no file name'],
    ['with an empty file', [{ ...file, bytes: 0 }, list], 'the part file is empty'],
    [
      'with a list that is a file',
      [file, { ...list, text: undefined }],
      'the part json is a file; a form field was expected',
    ],
    ['with a list that is not JSON', [file, field('{')], 'the part json is {; {"list_id": "…"} was expected'],
    ['with no list', [file, field('null')], 'the part json is null; {"list_id": "…"} was expected'],
    [
      'with an empty list id',
      [file, field('{"list_id":""}')],
      'the part json is {"list_id":""}; {"list_id": "…"} was expected',
    ],
  ])('are refused %s', (_, parts, fault) => {
    expect(checkParts(parts)).toEqual({ fault });
  });
});

describe('an Authorization', () => {
  it('of an upload is the key and nothing else, and is never repeated', () => {
    expect(keyFault('k y', 'k y')).toBeUndefined();
    expect(keyFault(undefined, 'k')).toBe('there is no Authorization');
    expect(keyFault('Bearer k', 'k')).toBe('the Authorization has a scheme; the key alone was expected');
    expect(keyFault('secret', 'k')).toBe('the Authorization is not the key');
  });

  it('of the chat is a bearer token, and is never repeated', () => {
    expect(bearerFault('Bearer t', 't')).toBeUndefined();
    expect(bearerFault(undefined, 't')).toBe('there is no Authorization');
    expect(bearerFault('t', 't')).toBe('the Authorization is not of the form Bearer TOKEN');
    expect(bearerFault('Bearer secret', 't')).toBe('the bearer token is not the configured one');
  });
});

describe('a chat', () => {
  const chat = {
    stream: true,
    model: 'small',
    messages: [{ role: 'user', content: 'Hello there!' }],
    params: {},
    background_tasks: { title_generation: true, tags_generation: true },
    chat_id: randomUUID(),
    features: { web_search: false },
  };

  it('says what it has to', () => {
    expect(checkChat(chat)).toEqual({
      chat: { model: 'small', chatId: chat.chat_id, words: 2 },
      remark: undefined,
    });
    expect(checkChat({ ...chat, temperature: 1 })).toMatchObject({ remark: 'unknown fields: temperature' });
  });

  it.each(Object.keys(chat))('needs %s', (name) => {
    expect(checkChat({ ...chat, [name]: undefined })).toEqual({
      fault: expect.stringMatching(new RegExp(`^${name} is missing; expected `)),
    });
  });

  it.each<[object, string]>([
    [{ stream: false }, 'stream is false; expected true'],
    [{ messages: [] }, 'messages is []; expected an array of {role, content} with one of the user'],
    [{ chat_id: 'x' }, 'chat_id is "x"; expected a UUID'],
    [{ params: [] }, 'params is []; expected an object'],
    [{ features: {} }, 'features is {}; expected {web_search}, true or false'],
  ])('with %j is refused', (change, fault) => {
    expect(checkChat({ ...chat, ...change })).toEqual({ fault });
  });

  it('is answered with its tokens, the broken chunks among them, and usage at the end', () => {
    expect(eventsOf({ tokens: 4, brokenChunks: 2 })).toEqual([
      'token',
      'token',
      'broken',
      'token',
      'token',
      'broken',
      'usage',
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(300), (tokens, brokenChunks) => {
        const events = eventsOf({ tokens, brokenChunks });
        expect(events.filter((type) => type === 'token')).toHaveLength(tokens);
        expect(events.filter((type) => type === 'broken')).toHaveLength(brokenChunks);
        expect([events[0], events.at(-1)]).toEqual(['token', 'usage']);
      }),
    );
  });

  it('is kept in a log that is bounded, and forgets no answer that goes on when it begins anew', () => {
    const log = new ChatLog();
    const streams = (): { chatId: string; events: unknown[] }[] =>
      (log.read(undefined) as { streams: { chatId: string; events: unknown[] }[] }).streams;
    for (let stream = 0; stream < 30; stream += 1) {
      const entry = log.open(`${stream}`);
      for (let event = 0; event < 10_000; event += 1) log.add(entry, 'token');
      if (stream !== 29) entry.ended = 'done';
    }
    expect(streams().reduce((sum, { events }) => sum + events.length, 0)).toBeLessThanOrEqual(200_000);
    expect(streams().at(-1)?.chatId).toBe('29');
    log.reset();
    expect(streams().map(({ chatId }) => chatId)).toEqual(['29']);
  });
});
