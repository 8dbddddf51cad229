// Writes a chat's answer as server-sent events: chunks of JSON with gaps between them, some that are no JSON, a silence or
// a cut in the middle, on request.
import type { ServerResponse } from 'node:http';
import type { ChatEntry, ChatEventType, ChatLog } from './chat-log.ts';
import type { ChatRequest } from './chat-request.ts';
import type { StallGate } from './stall-gate.ts';

/** How an answer goes, fixed when it begins. */
export interface ChatScript {
  readonly firstEventMs: number;
  readonly gapMs: number;
  readonly tokens: number;
  readonly brokenChunks: number;
  readonly silenceMs: number;
  /** Ends without its end, in the middle. */
  readonly isCut: boolean;
}

export interface ChatStreamParts {
  readonly response: ServerResponse;
  readonly gate: StallGate;
  readonly chat: ChatRequest;
  readonly script: ChatScript;
  readonly log: ChatLog;
  readonly entry: ChatEntry;
}

const words = 'Hello there! How can I help you today? I can look things up, explain them, or write with you. '.split(
  /(?<= )/,
);

/** The events of an answer in their order, the broken ones spread evenly among the tokens; `done` comes after them. */
export const eventsOf = ({ tokens, brokenChunks }: Pick<ChatScript, 'tokens' | 'brokenChunks'>): ChatEventType[] => {
  const events: ChatEventType[] = [];
  let broken = 0;
  for (let token = 1; token <= tokens; token += 1) {
    events.push('token');
    while (broken < Math.floor((brokenChunks * token) / tokens)) {
      events.push('broken');
      broken += 1;
    }
  }
  return [...events, 'usage'];
};

export class ChatStream {
  readonly #parts: ChatStreamParts;
  readonly #events: readonly ChatEventType[];
  readonly #middle: number;
  readonly #created = Math.floor(Date.now() / 1000);
  #next = 0;
  #token = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ChatStreamParts) {
    this.#parts = parts;
    this.#events = eventsOf(parts.script);
    this.#middle = Math.ceil(this.#events.length / 2);
    parts.response.once('close', () => {
      clearTimeout(this.#timer);
      parts.entry.ended ??= 'left';
    });
  }

  /** Sends the head, and begins; the head comes at once, as it does where an answer is made on the way. */
  start(): void {
    const { response, script } = this.#parts;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    this.#after(script.firstEventMs);
  }

  #after(ms: number): void {
    this.#timer = setTimeout(() => this.#parts.gate.pass(() => this.#write()), ms);
  }

  #write(): void {
    const { response, script, entry } = this.#parts;
    if (response.destroyed) return;
    if (script.isCut && this.#next === this.#middle) {
      entry.ended = 'cut';
      // Not `end`, which would be a regular last chunk.
      response.destroy();
      return;
    }
    const type = this.#events[this.#next]!;
    this.#send(type, this.#textOf(type));
    this.#next += 1;
    if (type === 'usage') {
      this.#send('done', '[DONE]');
      entry.ended = 'done';
      response.end();
      return;
    }
    this.#after(this.#next === this.#middle && script.silenceMs > 0 ? script.silenceMs : script.gapMs);
  }

  #send(type: ChatEventType, data: string): void {
    const { response, log, entry } = this.#parts;
    log.add(entry, type);
    response.write(`data: ${data}\n\n`);
  }

  #textOf(type: ChatEventType): string {
    const { chat, script } = this.#parts;
    if (type === 'broken') return `{"id":"${this.#id}","choices":[{"delta":`;
    if (type === 'usage') {
      const usage = {
        prompt_tokens: chat.words,
        completion_tokens: script.tokens,
        total_tokens: chat.words + script.tokens,
      };
      return this.#chunk({ index: 0, delta: {}, finish_reason: 'stop' }, { usage });
    }
    const content = words[this.#token % words.length];
    const delta = this.#token === 0 ? { role: 'assistant', content } : { content };
    this.#token += 1;
    return this.#chunk({ index: 0, delta, finish_reason: null }, {});
  }

  #chunk(choice: object, more: object): string {
    const { model } = this.#parts.chat;
    return JSON.stringify({
      id: this.#id,
      object: 'chat.completion.chunk',
      created: this.#created,
      model,
      choices: [choice],
      ...more,
    });
  }

  get #id(): string {
    return `chatcmpl-${this.#parts.chat.chatId}`;
  }
}
