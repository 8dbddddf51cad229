// The least that a burst can be spread from Node: connections opened beforehand, a request written to each socket in one
// loop. Arguments: port, number of connections. Ends when every answer is there.

import net from 'node:net';

const [port = 0, count = 0] = process.argv.slice(2).map(Number);
const request = Buffer.from('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
let left = count;

const sockets = await Promise.all(
  Array.from(
    { length: count },
    () =>
      new Promise<net.Socket>((resolve, reject) => {
        const socket = net.connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
        socket.once('error', reject);
        socket.once('data', () => {
          left -= 1;
          if (left === 0) process.exit(0);
        });
      }),
  ),
);
setTimeout(() => {
  for (const socket of sockets) socket.write(request);
}, 1000);
