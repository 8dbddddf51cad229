// Real HTTP servers for the probes' tests, on ports of their own; everything started here is stopped by `stopServers`.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';

const stops: (() => Promise<void>)[] = [];

const listen = async (server: Server | TcpServer): Promise<number> => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
};

/** Starts an HTTP server; resolves to its origin. */
export const serve = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer);
  stops.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${await listen(server)}`;
};

/** Starts a TCP server; resolves to its port. */
export const serveTcp = async (take: (socket: Socket) => void): Promise<number> => {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    take(socket);
  });
  stops.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return listen(server);
};

/** A port on which nothing listens. */
export const freePort = async (): Promise<number> => {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
};

export const stopServers = async (): Promise<void> => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
};
