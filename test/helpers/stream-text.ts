// The texts of streamed answers that servers in tests send.

/** A chunk of a chat completion. */
export const chunk = (content: string | undefined, more: object = {}): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: content === undefined ? {} : { content } }], ...more })}\n\n`;

export const usage = (tokens: number): string =>
  `data: ${JSON.stringify({ choices: [], usage: { completion_tokens: tokens } })}\n\n`;

export const mark = 'data: [DONE]\n\n';

/** Events with content in an answer of stream-server-process.ts. */
export const eventsEach = 8;
