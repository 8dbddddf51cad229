// What an HTTP proxy answers to CONNECT (RFC 9110, section 9.3.6): any 2xx and an empty head opens the tunnel.

import type { Socket } from 'node:net';

const endOfHead = '\r\n\r\n';
const longestHead = 16_384;

/** Reads the answer to CONNECT; `done` gets what was wrong with it, or undefined when the tunnel is open. */
export const readProxyAnswer = (socket: Socket, done: (fault: string | undefined) => void): void => {
  let head = '';
  const take = (): void => {
    for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
      head += chunk.toString('latin1');
      const end = head.indexOf(endOfHead);
      if (end < 0 && head.length < longestHead) continue;
      socket.off('readable', take).off('close', closed);
      const after = head.slice(end + endOfHead.length);
      if (end >= 0 && after.length > 0) socket.unshift(Buffer.from(after, 'latin1'));
      const line = head.split('\r\n', 1)[0] ?? '';
      done(/^HTTP\/1\.[01] 2\d\d/.test(line) && end >= 0 ? undefined : line.slice(0, 200) || 'no HTTP answer');
      return;
    }
  };
  const closed = (): void => done('closed without an answer');
  socket.on('readable', take).once('close', closed);
};
