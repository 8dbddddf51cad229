// The demo target's chat: what it answers, when it writes each event and says that it did, and how an answer can fail.
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type DemoTarget, startDemoTarget } from '../helpers/demo-target.ts';

const running: DemoTarget[] = [];

const start = async (...flags: string[]): Promise<DemoTarget> => {
  const target = await startDemoTarget(flags);
  running.push(target);
  return target;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((target) => target.stop()));
});

const bodyOf = (chatId: string): object => ({
  stream: true,
  model: 'small',
  messages: [{ role: 'user', content: 'Hello there!' }],
  params: {},
  background_tasks: { title_generation: true, tags_generation: true },
  chat_id: chatId,
  features: { web_search: false },
});

interface AskOptions {
  readonly chatId?: string;
  readonly change?: object;
  readonly token?: string;
  readonly signal?: AbortSignal;
}

const ask = (target: DemoTarget, { chatId = randomUUID(), change = {}, token, signal }: AskOptions = {}) =>
  fetch(`${target.origin}/api/chat/completions`, {
    method: 'POST',
    headers: {
      accept: '*/*',
      'content-type': 'application/json',
      authorization: `Bearer ${token ?? 'demo-chat-token'}`,
    },
    body: JSON.stringify({ ...bodyOf(chatId), ...change }),
    signal: signal ?? AbortSignal.timeout(20_000),
  });

/** What stood behind each `data:`, and when it came; `cut` where the answer has no regular end. */
const readEvents = async (answer: Response): Promise<{ data: string[]; times: number[]; cut: boolean }> => {
  const data: string[] = [];
  const times: number[] = [];
  let text = '';
  try {
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const at = performance.timeOrigin + performance.now();
      text += chunk;
      const whole = text.split('\n\n');
      text = whole.pop()!;
      for (const event of whole) {
        expect(event).toMatch(/^data: /);
        data.push(event.slice(6));
        times.push(at);
      }
    }
  } catch {
    return { data, times, cut: true };
  }
  expect(text).toBe('');
  return { data, times, cut: false };
};

interface LoggedStream {
  readonly chatId: string;
  readonly receivedAt: number;
  readonly ended: string | null;
  readonly events: readonly { readonly type: string; readonly at: number }[];
}

const logOf = async (target: DemoTarget, chatId: string): Promise<LoggedStream> => {
  const answer = await fetch(`${target.origin}/chat/log?chat_id=${chatId}`);
  const { streams } = (await answer.json()) as { streams: LoggedStream[] };
  expect(streams).toHaveLength(1);
  return streams[0]!;
};

const gaps = (times: readonly number[]): number[] => times.slice(1).map((at, index) => at - times[index]!);
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

describe('an answer of the chat', () => {
  it('comes in chunks, with usage in the last and [DONE] behind it', async () => {
    const target = await start('--first-event-ms', '50', '--gap-ms', '5', '--tokens', '12', '--chat-token', 'tt');
    const answer = await ask(target, { token: 'tt' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const { data, cut } = await readEvents(answer);
    expect([data.length, cut, data.at(-1)]).toEqual([14, false, '[DONE]']);
    const chunks = data.slice(0, -1).map((text) => JSON.parse(text));
    expect(chunks[0]).toMatchObject({
      object: 'chat.completion.chunk',
      model: 'small',
      choices: [{ delta: { role: 'assistant', content: 'Hello ' }, finish_reason: null }],
    });
    expect(chunks.at(-1)).toMatchObject({
      choices: [{ delta: {}, finish_reason: 'stop' }],
      usage: { prompt_tokens: 2, completion_tokens: 12, total_tokens: 14 },
    });
    expect(chunks.slice(0, -1).every((chunk) => chunk.choices[0].delta.content !== '')).toBe(true);
    const counters = await target.counters();
    expect(counters.chat).toMatchObject({ begun: 1, done: 1, cut: 0, left: 0, openAtOnce: 1, tokens: 12, broken: 0 });
    expect(counters.routes['POST /api/chat/completions']).toMatchObject({ statuses: { 200: 1 }, faults: 0 });
    expect(await target.health()).toMatchObject({ chat: { open: 0 } });
  });

  it('keeps to the gaps it was given, and its log tells when each event was written', async () => {
    const target = await start('--first-event-ms', '200', '--gap-ms', '20', '--tokens', '30');
    await readEvents(await ask(target));
    const chatId = randomUUID();
    const { times } = await readEvents(await ask(target, { chatId }));
    const log = await logOf(target, chatId);
    expect(log.ended).toBe('done');
    expect(log.events.map(({ type }) => type)).toEqual([...Array(30).fill('token'), 'usage', 'done']);
    const written = log.events.map(({ at }) => at);
    expect(written[0]! - log.receivedAt).toBeGreaterThanOrEqual(199);
    expect(written[0]! - log.receivedAt).toBeLessThan(260);
    const between = gaps(written.slice(0, -1));
    expect(Math.min(...between)).toBeGreaterThanOrEqual(19);
    expect(median(between)).toBeLessThan(23);
    const late = times.map((at, index) => at - written[index]!);
    expect(median(late)).toBeLessThan(10);
    expect(median(late)).toBeGreaterThan(-5);
  });

  it('has chunks that are not JSON where it is told to', async () => {
    const target = await start('--first-event-ms', '0', '--gap-ms', '1', '--tokens', '10', '--broken-chunks', '3');
    const { data } = await readEvents(await ask(target));
    const broken = data.filter((text) => {
      try {
        JSON.parse(text);
        return false;
      } catch {
        return text !== '[DONE]';
      }
    });
    expect([data.length, broken.length]).toEqual([15, 3]);
    expect((await target.counters()).chat).toMatchObject({ broken: 3, tokens: 10 });
  });

  it('can be cut off in the middle, or silent there', async () => {
    const target = await start('--first-event-ms', '0', '--gap-ms', '5', '--tokens', '9', '--cut-share', '1');
    const { data, cut } = await readEvents(await ask(target));
    expect([data.length, cut]).toEqual([5, true]);
    await target.knobs({ cutShare: 0, silenceMs: 400 });
    const chatId = randomUUID();
    const whole = await readEvents(await ask(target, { chatId }));
    expect([whole.data.length, whole.cut]).toEqual([11, false]);
    const between = gaps((await logOf(target, chatId)).events.map(({ at }) => at));
    expect(between.filter((ms) => ms >= 390)).toHaveLength(1);
    expect(between[4]).toBeGreaterThanOrEqual(390);
    const { chat, routes } = await target.counters();
    expect(chat).toMatchObject({ begun: 2, done: 1, cut: 1 });
    expect(routes['POST /api/chat/completions']).toMatchObject({ unanswered: 1, statuses: { 200: 1 } });
  });

  it('ends when its client leaves', async () => {
    const target = await start('--first-event-ms', '0', '--gap-ms', '50', '--tokens', '1000');
    const leave = new AbortController();
    const answer = await ask(target, { signal: leave.signal });
    setTimeout(() => leave.abort(), 300);
    expect(await readEvents(answer)).toMatchObject({ cut: true });
    await expect.poll(async () => (await target.counters()).chat).toMatchObject({ left: 1 });
    expect(await target.health()).toMatchObject({ chat: { open: 0 } });
  });

  it('is held by a stall', async () => {
    const target = await start('--first-event-ms', '0', '--gap-ms', '10', '--tokens', '20');
    const chatId = randomUUID();
    const answer = await ask(target, { chatId });
    setTimeout(() => void target.knobs({ stallMs: 500 }), 50);
    await readEvents(answer);
    const between = gaps((await logOf(target, chatId)).events.map(({ at }) => at));
    expect(Math.max(...between)).toBeGreaterThan(400);
  });

  it('is refused with a reason, and what is unusual is counted', async () => {
    const target = await start('--tokens', '1', '--first-event-ms', '0');
    const wrong = await ask(target, { token: 'secret' });
    expect([wrong.status, await wrong.json()]).toEqual([401, { error: 'the bearer token is not the configured one' }]);
    const still = await ask(target, { change: { stream: false } });
    expect([still.status, await still.json()]).toEqual([400, { error: 'stream is false; expected true' }]);
    const odd = await ask(target, { change: { temperature: 1 } });
    expect(odd.status).toBe(200);
    await readEvents(odd);
    const { routes } = await target.counters();
    expect(routes['POST /api/chat/completions']).toMatchObject({
      statuses: { 200: 1, 400: 1, 401: 1 },
      faults: 3,
      firstFault: 'the bearer token is not the configured one',
    });
  });
});
