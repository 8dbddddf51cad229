// Real HTTP servers for the probes' tests, on ports of their own; everything started here is stopped by `stopServers`.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';

const stops: (() => Promise<void>)[] = [];

const listen = async (server: Server | TcpServer, path?: string): Promise<number> => {
  await new Promise<void>((resolve) => {
    if (path === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(path, resolve);
  });
  const address = server.address();
  if (path !== undefined) return 0;
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

/** Starts a TLS server that answers 200 to everything; resolves to its port. @param named gets the server name asked for */
export const serveTls = async (
  options: TlsOptions,
  named?: (name: string | false | undefined) => void,
): Promise<number> => {
  const server = createTlsServer(options, (socket: TLSSocket) => {
    named?.(socket.servername ?? undefined);
    socket.on('error', () => {});
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK'));
  });
  return stoppable(server);
};

/** Starts a TCP server, or one at the path of a Unix socket; resolves to its port. */
export const serveTcp = async (take: (socket: Socket) => void, path?: string): Promise<number> => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    take(socket);
  });
  return stoppable(server, path);
};

/** Takes a server over: it listens, and is stopped with the others. */
export const stoppable = (server: TcpServer, path?: string): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  stops.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return listen(server, path);
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
