// A target that misbehaves as it is told, in a process of its own: answers, refuses, resets, stalls, sends garbage. Steered
// over IPC; each request it read completely is counted.

import net from 'node:net';

export type Mood = 'answer' | 'refuse' | 'reset' | 'stall' | 'garbage' | 'half';

let mood: Mood = 'answer';
let port = 0;
let read = 0;
const sockets = new Set<net.Socket>();
const endOfHead = '\r\n\r\n';

const server = net.createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
  socket.on('data', (chunk) => {
    const requests = chunk.toString('latin1').split(endOfHead).length - 1;
    read += requests;
    for (let request = 0; request < requests; request += 1) treat(socket);
  });
});

const treat = (socket: net.Socket): void => {
  switch (mood) {
    case 'answer':
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      return;
    case 'reset':
      socket.resetAndDestroy();
      return;
    case 'garbage':
      socket.write('\0\x01 this is not HTTP\r\n\r\n');
      return;
    case 'half':
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf');
      return;
    default:
  }
};

const listen = (): void => {
  server.listen({ port, host: '127.0.0.1', backlog: 4096 }, () => {
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
    process.send?.({ port });
  });
};

process.on('message', (message: Mood | 'count') => {
  if (message === 'count') {
    process.send?.({ read });
    return;
  }
  const before = mood;
  mood = message;
  if (message === 'refuse') {
    server.close();
    for (const socket of sockets) socket.destroy();
    process.send?.({ port });
  } else if (before === 'refuse') listen();
  else process.send?.({ port });
});
process.on('disconnect', () => process.exit(0));
listen();
