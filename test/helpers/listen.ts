// Starts a server on a free port of loopback for one test, counts its connections and ends it with the test.

import type net from 'node:net';
import { onTestFinished } from 'vitest';

export interface Listening {
  readonly port: number;
  /** Connections that were made, and that are open. */
  readonly made: () => number;
  readonly open: () => number;
}

/** @param path of a Unix socket, in place of a port */
export const listen = async (server: net.Server, path?: string): Promise<Listening> => {
  const sockets = new Set<net.Socket>();
  let made = 0;
  server.on('connection', (socket: net.Socket) => {
    made += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  onTestFinished(
    () =>
      new Promise<void>((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  );
  await new Promise<void>((done) => {
    if (path === undefined) server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, done);
    else server.listen(path, done);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, made: () => made, open: () => sockets.size };
};
