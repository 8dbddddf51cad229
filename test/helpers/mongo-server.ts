// A server with MongoDB's wire protocol for tests, on a port of its own: says hello, and answers what the test says.
// Everything started here is stopped by `stopMongoServers`.
import type { Socket } from 'node:net';
import {
  commandName,
  helloReply,
  MongoWire,
  unknownCommand,
  type WireDocument,
  type WireTraffic,
} from '../../source/demo/mongo-wire.ts';

export interface MongoServer {
  readonly uri: string;
  readonly port: number;
  /** The commands that came; hellos, pings and goodbyes left out. */
  readonly commands: WireDocument[];
  /** Those of one name. */
  of(name: string): WireDocument[];
  traffic(): WireTraffic;
  /** Ends the connections there are. */
  drop(): void;
  stop(): Promise<void>;
}

export interface MongoServerOptions {
  readonly maxWireVersion?: number;
  /** More fields of its hello: a replica set's, mongos'. */
  readonly hello?: WireDocument;
  readonly port?: number;
}

export type MongoAnswer = WireDocument | undefined | Promise<WireDocument | undefined>;

const running = new Set<MongoWire>();

/** Starts one; `answer` gives the reply to a command, or undefined to stay silent. */
export const serveMongo = async (
  answer: (command: WireDocument, socket: Socket) => MongoAnswer,
  { maxWireVersion = 25, hello = {}, port: wanted = 0 }: MongoServerOptions = {},
): Promise<MongoServer> => {
  const commands: WireDocument[] = [];
  const wire = new MongoWire((command, socket) => {
    const name = commandName(command);
    if (/^(hello|ismaster)$/i.test(name)) return helloReply(maxWireVersion, hello);
    if (/^(ping|endSessions)$/.test(name)) return { ok: 1 };
    commands.push(command);
    return answer(command, socket);
  });
  running.add(wire);
  const port = await wire.listen(wanted);
  return {
    uri: `mongodb://127.0.0.1:${port}`,
    port,
    commands,
    of: (name) => commands.filter((command) => commandName(command) === name),
    traffic: () => wire.traffic,
    drop: () => wire.drop(),
    stop: () => wire.close(),
  };
};

/** Answers by the name of the command; what is not there does not exist in the server either. */
export const byName =
  (answers: Readonly<Record<string, (command: WireDocument, socket: Socket) => MongoAnswer>>) =>
  (command: WireDocument, socket: Socket): MongoAnswer => {
    const name = commandName(command);
    return Object.hasOwn(answers, name) ? answers[name]!(command, socket) : unknownCommand(command);
  };

export const stopMongoServers = async (): Promise<void> => {
  const all = [...running];
  running.clear();
  await Promise.all(all.map((wire) => wire.close()));
};
