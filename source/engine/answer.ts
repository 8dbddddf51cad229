// An answer as it is looked into: its headers and cookies, its body as text and as JSON, each made of the bytes only once
// somebody asks for it.

import { cookiePair } from './cookie-jar.ts';
import type { Exchange } from './exchange.ts';
import type { KeptBody } from './kept-body.ts';

export class Answer {
  readonly exchange: Exchange;
  readonly #body: KeptBody;
  #text: string | undefined;
  #json: { readonly value: unknown } | undefined;

  constructor(exchange: Exchange, body: KeptBody) {
    this.exchange = exchange;
    this.#body = body;
  }

  /** Bytes of the body as they came. */
  get size(): number {
    return this.#body.size;
  }

  /** @throws UnreadableBodyError */
  get text(): string {
    this.#text ??= this.#body.read(this.header('content-encoding')).toString();
    return this.#text;
  }

  /** Undefined where the body is no JSON. @throws UnreadableBodyError */
  get json(): unknown {
    this.#json ??= { value: parsed(this.text) };
    return this.#json.value;
  }

  /** Repeated ones are joined; undefined where there is none. @param name in lower case */
  header(name: string): string | undefined {
    const values = this.exchange.valuesOf(name);
    return values.length === 0 ? undefined : values.join(', ');
  }

  /** The value of a cookie that the answer sets. */
  cookie(name: string): string | undefined {
    return this.exchange
      .valuesOf('set-cookie')
      .map(cookiePair)
      .findLast((pair) => pair?.[0] === name)?.[1];
  }
}

const parsed = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
};
