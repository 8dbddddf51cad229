// What a request to the chat has to hold, and what is unusual about one that can be answered.

/** What an answer needs of its request. */
export interface ChatRequest {
  readonly model: string;
  readonly chatId: string;
  /** Words of all messages. */
  readonly words: number;
}

export type CheckedChat =
  | { readonly fault: string }
  | { readonly chat: ChatRequest /** Fields that nobody knows. */; readonly remark: string | undefined };

type Rule = readonly [expected: string, fits: (value: unknown) => boolean];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isUuid = (value: unknown): boolean =>
  isText(value) && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value);

const hasSwitches = (value: unknown, names: readonly string[]): boolean =>
  isObject(value) && names.every((name) => typeof value[name] === 'boolean');

const isMessage = (value: unknown): value is { role: string; content: string } =>
  isObject(value) && isText(value.role) && isText(value.content);

const rules: Readonly<Record<string, Rule>> = {
  stream: ['true', (value) => value === true],
  model: ['the name of a model', isText],
  messages: [
    'an array of {role, content} with one of the user',
    (value) => Array.isArray(value) && value.every(isMessage) && value.some(({ role }) => role === 'user'),
  ],
  params: ['an object', isObject],
  background_tasks: [
    '{title_generation, tags_generation}, each true or false',
    (value) => hasSwitches(value, ['title_generation', 'tags_generation']),
  ],
  chat_id: ['a UUID', isUuid],
  features: ['{web_search}, true or false', (value) => hasSwitches(value, ['web_search'])],
};

export const checkChat = (body: unknown): CheckedChat => {
  if (!isObject(body)) return { fault: 'the body is no JSON object' };
  for (const [name, [expected, fits]] of Object.entries(rules)) {
    const value = body[name];
    if (fits(value)) continue;
    return {
      fault: `${name} is ${value === undefined ? 'missing' : JSON.stringify(value).slice(0, 100)}; expected ${expected}`,
    };
  }
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(rules, name));
  const messages = Array.isArray(body.messages) ? body.messages.filter(isMessage) : [];
  return {
    chat: {
      model: String(body.model),
      chatId: String(body.chat_id),
      words: messages.reduce((sum, { content }) => sum + content.trim().split(/\s+/).length, 0),
    },
    remark: unknown.length > 0 ? `unknown fields: ${unknown.join(', ').slice(0, 200)}` : undefined,
  };
};
