// The demo's MongoDB where nobody brought one: a server that the official driver takes for an 8.0 primary. It counts what is
// inserted, keeps none of it, and tells of itself what its model says; wherever it names its process, it says "simulated".
import {
  commandName,
  failure,
  helloReply,
  MongoWire,
  unknownCommand,
  type WireDocument,
  wholeCursor,
} from './mongo-wire.ts';
import {
  currentOperations,
  replSetGetStatus,
  type Simulated,
  serverStatus,
  setName,
  simulatedVersion,
} from './simulated-status.ts';
import { StoreModel } from './store-model.ts';

/** Of 8.0. */
const wireVersion = 25;

export interface SimulatedMongodOptions {
  /** A clock in ms that never goes back; the machine's where none is given. */
  readonly now?: () => number;
}

export class SimulatedMongod {
  readonly #wire = new MongoWire((command) => this.#answer(command));
  readonly #store: StoreModel;
  #commands = 0;
  #host = '';

  private constructor({ now = () => performance.now() }: SimulatedMongodOptions) {
    this.#store = new StoreModel(now);
  }

  /** Starts one on a free port of 127.0.0.1. Rejects with the system's error. */
  static async start(options: SimulatedMongodOptions = {}): Promise<SimulatedMongod> {
    const server = new SimulatedMongod(options);
    server.#host = `127.0.0.1:${await server.#wire.listen()}`;
    return server;
  }

  get uri(): string {
    return `mongodb://${this.#host}/`;
  }

  /** Documents that were inserted. */
  get inserted(): number {
    return this.#store.figures().documents;
  }

  stop(): Promise<void> {
    return this.#wire.close();
  }

  #answer(command: WireDocument): WireDocument {
    const name = commandName(command);
    if (name === 'insert') return this.#insert(command);
    this.#commands += 1;
    switch (name) {
      case 'hello':
      case 'isMaster':
      case 'ismaster':
        return helloReply(wireVersion, this.#set());
      case 'ping':
      case 'endSessions':
        return { ok: 1 };
      case 'buildInfo':
      case 'buildinfo':
        return { version: simulatedVersion, gitVersion: 'simulated', modules: [], bits: 64, ok: 1 };
      case 'connectionStatus':
        return { authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 };
      case 'serverStatus':
        return serverStatus(this.#simulated());
      case 'replSetGetStatus':
        return replSetGetStatus(this.#simulated());
      case 'aggregate':
        return this.#aggregate(command);
      default:
        return unknownCommand(command);
    }
  }

  /** The set's other member is hidden, so that no driver looks for it. */
  #set(): WireDocument {
    const host = this.#host;
    return { setName, setVersion: 1, hosts: [host], primary: host, me: host, secondary: false };
  }

  #simulated(): Simulated {
    const { traffic } = this.#wire;
    return { host: this.#host, store: this.#store.figures(), traffic, commands: this.#commands };
  }

  #insert({ documents }: WireDocument): WireDocument {
    if (!Array.isArray(documents)) return failure(9, 'FailedToParse', 'documents is missing');
    // In a sequence documents are still encoded; in the command's body they are not, and their size is guessed.
    const bytes = documents.reduce(
      (sum: number, one: unknown) => sum + (one instanceof Uint8Array ? one.length : 200),
      0,
    );
    this.#store.insert(documents.length, bytes);
    return { n: documents.length, ok: 1 };
  }

  /** $currentOp, as far as the stages after it are of the plain kind: a least running time and a limit. */
  #aggregate({ aggregate, pipeline, $db }: WireDocument): WireDocument {
    const stages = (Array.isArray(pipeline) ? pipeline : []).filter(isDocument);
    if (aggregate !== 1 || !stages[0] || !('$currentOp' in stages[0])) {
      return failure(9, 'FailedToParse', 'this simulated server keeps no documents');
    }
    const match = stages.map((stage) => stage.$match).find(isDocument);
    const running = isDocument(match?.secs_running) ? match.secs_running.$gte : 0;
    const least = typeof running === 'number' ? running : 0;
    const limit = stages.map((stage) => stage.$limit).find((value) => typeof value === 'number');
    const all = currentOperations(this.#simulated()).filter(({ secs_running }) => Number(secs_running) >= least);
    return wholeCursor(`${typeof $db === 'string' ? $db : 'admin'}.$cmd.aggregate`, all.slice(0, limit));
  }
}

const isDocument = (value: unknown): value is WireDocument => typeof value === 'object' && value !== null;
