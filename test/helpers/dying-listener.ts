// Listens at a Unix socket until it is killed, and so leaves the socket's file behind.

import net from 'node:net';

net.createServer().listen(process.argv[2], () => process.send?.('listening'));
