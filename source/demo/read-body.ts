// Collects the body of a request up to a limit. What goes beyond is read and thrown away, so that the client gets its
// answer over a connection that stays usable.
import type { IncomingMessage } from 'node:http';

/**
 * Calls `done` once: with the body, or with undefined as soon as it is known to exceed `limit` bytes. Not at all where
 * the client goes away first.
 */
export const readBody = (request: IncomingMessage, limit: number, done: (body: Buffer | undefined) => void): void => {
  let chunks: Buffer[] = [];
  let size = 0;
  let answered = Number(request.headers['content-length'] ?? 0) > limit;
  if (answered) done(undefined);
  request.on('data', (chunk: Buffer) => {
    if (answered) return;
    size += chunk.length;
    chunks.push(chunk);
    if (size <= limit) return;
    answered = true;
    chunks = [];
    done(undefined);
  });
  request.on('end', () => {
    if (answered) return;
    answered = true;
    done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size));
  });
};
