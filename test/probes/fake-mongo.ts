// A server that speaks just enough of MongoDB's wire protocol for the real driver: handshake, and commands that a test
// answers. Wire protocol: OP_QUERY (legacy handshake) and OP_MSG with one body section.
import { BSON } from 'mongodb';
import { serveTcp } from './servers.ts';

type Command = Record<string, unknown>;

export interface FakeMongo {
  readonly port: number;
  /** Names of the commands that came, handshakes left out. */
  readonly commands: Command[];
  /** Sockets open now. */
  readonly sockets: () => number;
}

const hello = (): Command => ({
  ok: 1,
  isWritablePrimary: true,
  ismaster: true,
  helloOk: true,
  maxBsonObjectSize: 16 * 1024 * 1024,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  minWireVersion: 0,
  maxWireVersion: 25,
});

/** Starts a server; `answer` gives the reply to a command, or undefined to stay silent. */
export const serveMongo = async (answer: (command: Command) => Command | undefined): Promise<FakeMongo> => {
  const commands: Command[] = [];
  let sockets = 0;
  const replyTo = (command: Command): Command | undefined => {
    const name = Object.keys(command)[0]!;
    if (/^(hello|ismaster)$/i.test(name)) return hello();
    commands.push(command);
    return /^(ping|endSessions)$/.test(name) ? { ok: 1 } : answer(command);
  };
  const port = await serveTcp((socket) => {
    sockets += 1;
    socket.on('close', () => {
      sockets -= 1;
    });
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 16 && pending.length >= pending.readInt32LE(0)) {
        const message = pending.subarray(0, pending.readInt32LE(0));
        pending = pending.subarray(message.length);
        const reply = replyTo(readCommand(message));
        if (reply) socket.write(frame(message.readInt32LE(4), message.readInt32LE(12), reply));
      }
    });
  });
  return { port, commands, sockets: () => sockets };
};

const opQuery = 2004;

const readCommand = (message: Buffer): Command => {
  if (message.readInt32LE(12) !== opQuery) return BSON.deserialize(message.subarray(21));
  const nameEnd = message.indexOf(0, 20);
  return BSON.deserialize(message.subarray(nameEnd + 9));
};

const frame = (requestId: number, opCode: number, reply: Command): Buffer => {
  const body = BSON.serialize(reply);
  const legacy = opCode === opQuery;
  const head = Buffer.alloc(legacy ? 36 : 21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(requestId, 8);
  head.writeInt32LE(legacy ? 1 : 2013, 12);
  if (legacy) head.writeInt32LE(1, 32);
  return Buffer.concat([head, body]);
};
