// POST /api/chat/completions: an answer in pieces, as server-sent events. GET /chat/log says for tests when each event was
// written.
import { ChatLog } from '../chat-log.ts';
import { type ChatRequest, checkChat } from '../chat-request.ts';
import { ChatStream } from '../chat-stream.ts';
import type { Exchange } from '../exchange.ts';
import { failure, jsonBody, type Operation } from '../openapi.ts';
import type { Part } from '../part.ts';
import type { Route } from '../routing-table.ts';

/** What is wrong with an Authorization; never with a word of it. */
export const bearerFault = (given: string | undefined, token: string): string | undefined => {
  if (given === undefined) return 'there is no Authorization';
  const [, sent] = /^Bearer (.*)$/.exec(given) ?? [];
  if (sent === undefined) return 'the Authorization is not of the form Bearer TOKEN';
  return sent === token ? undefined : 'the bearer token is not the configured one';
};

/** A component of the document. */
export const chatSchema = {
  title: 'ChatCompletion',
  type: 'object',
  required: ['stream', 'model', 'messages', 'params', 'background_tasks', 'chat_id', 'features'],
  properties: {
    stream: { type: 'boolean', const: true },
    model: { type: 'string' },
    messages: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['role', 'content'],
        properties: { role: { type: 'string', enum: ['user', 'assistant', 'system'] }, content: { type: 'string' } },
      },
    },
    params: { type: 'object' },
    background_tasks: {
      type: 'object',
      required: ['title_generation', 'tags_generation'],
      properties: { title_generation: { type: 'boolean' }, tags_generation: { type: 'boolean' } },
    },
    chat_id: { type: 'string', format: 'uuid' },
    features: { type: 'object', required: ['web_search'], properties: { web_search: { type: 'boolean' } } },
  },
};

const operation: Operation = {
  summary: 'Answer a chat, streamed',
  tags: ['chat'],
  requestBody: jsonBody({ $ref: '#/components/schemas/ChatCompletion' }),
  responses: {
    200: { description: 'Server-sent events up to data: [DONE]', content: { 'text/event-stream': {} } },
    ...failure(400, 'fields missing, or not what they should be'),
    ...failure(401, 'the bearer token is missing or wrong'),
  },
  security: [{ bearer: [] }],
};

const noCounts = (open: number) => ({
  begun: 0,
  done: 0,
  cut: 0,
  left: 0,
  openAtOnce: open,
  tokens: 0,
  broken: 0,
});

export class ChatPart implements Part {
  readonly name = 'chat';
  readonly routes: readonly Route[];
  readonly #token: string;
  readonly #log = new ChatLog();
  #counts = noCounts(0);
  #open = 0;
  #used = false;

  constructor(token: string) {
    this.#token = token;
    this.routes = [
      { method: 'POST', path: '/api/chat/completions', operation, handle: (exchange) => this.#handle(exchange) },
      {
        method: 'GET',
        path: '/chat/log',
        role: 'operator',
        handle: (exchange) => exchange.sendJson(200, this.#log.read(exchange.query('chat_id'))),
      },
    ];
  }

  /** Answers that are being written. */
  get open(): number {
    return this.#open;
  }

  counts(): object {
    return { ...this.#counts };
  }

  reset(): void {
    this.#counts = noCounts(this.#open);
    this.#log.reset();
  }

  health(): object | undefined {
    return this.#used ? { open: this.#open } : undefined;
  }

  #handle(exchange: Exchange): void {
    this.#used = true;
    const unknown = bearerFault(exchange.header('authorization'), this.#token);
    exchange.readJson((body) => {
      const checked = checkChat(body);
      if (unknown !== undefined) exchange.refuse(401, unknown);
      else if ('fault' in checked) exchange.refuse(400, checked.fault);
      else {
        this.#remark(exchange, checked.remark);
        this.#begin(exchange, checked.chat);
      }
    });
  }

  /** Counts what a real service would overlook. */
  #remark(exchange: Exchange, remark: string | undefined): void {
    if (remark !== undefined) exchange.fault(remark);
    const type = exchange.header('content-type');
    if (!/^application\/json\b/.test(type ?? '')) exchange.fault(`the Content-Type is ${type ?? 'missing'}`);
    const accept = exchange.header('accept');
    if (accept !== '*/*') exchange.fault(`Accept is ${accept ?? 'missing'}, expected */*`);
  }

  #begin(exchange: Exchange, chat: ChatRequest): void {
    const { knobs, gate } = exchange.house;
    const { response } = exchange;
    const { firstEventMs, gapMs, tokens, brokenChunks, silenceMs } = knobs;
    const script = { firstEventMs, gapMs, tokens, brokenChunks, silenceMs, isCut: Math.random() < knobs.cutShare };
    const entry = this.#log.open(chat.chatId);
    this.#counts.begun += 1;
    this.#open += 1;
    this.#counts.openAtOnce = Math.max(this.#counts.openAtOnce, this.#open);
    response.once('close', () => {
      this.#open -= 1;
      this.#counts[entry.ended ?? 'left'] += 1;
      this.#counts.tokens += entry.events.filter(({ type }) => type === 'token').length;
      this.#counts.broken += entry.events.filter(({ type }) => type === 'broken').length;
      if (entry.ended === 'done') exchange.answered('POST', 200);
    });
    const stream = new ChatStream({ response, gate, chat, script, log: this.#log, entry });
    gate.pass(() => stream.start());
  }
}
