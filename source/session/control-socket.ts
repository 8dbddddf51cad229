// The control socket: a Unix socket that takes the `:` commands, one a line, and answers each with one line of JSON. Only
// this user can connect. It works while a terminal stands still and where there is none; what is answered is
// control-answer.ts, what a client may cost control-connection.ts.

import fs from 'node:fs';
import net from 'node:net';
import { SystemClock } from '../common/clock.ts';
import { errorCode, errorMessage, UserError } from '../common/errors.ts';
import { jsonLine } from '../common/json-text.ts';
import { type Answer, answerTo, type Behind, type Steerable } from './control-answer.ts';
import { ControlConnection } from './control-connection.ts';
import type { NoRun } from './status.ts';

/** Clients at once; each costs a descriptor. */
const mostClients = 32;
/** How long whoever listens at the path may take to take a connection, ms. */
const knockLimit = 1000;
/** How long clients are given to take what was answered last, ms. */
const closeLimit = 300;
/** Longest path of a Unix socket, bytes: what the system has room for, less the byte that ends it. */
const longestPath = process.platform === 'linux' ? 107 : 103;

const chooseAnother = 'choose another path for --control';

export class ControlSocket {
  readonly path: string;
  readonly #connections = new Set<ControlConnection>();
  /** Clients beyond the limit, until they have read that they are. */
  readonly #refused = new Set<net.Socket>();
  #behind: Behind = { run: undefined, why: 'starting' };
  #server: net.Server | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Puts a run behind the socket in place of the one before; none: it waits to be started, or is about to begin. */
  attach(run: Steerable | undefined, why: NoRun = 'armed'): void {
    this.#behind = { ...this.#behind, run, why, last: this.#behind.run ?? this.#behind.last };
  }

  /** From now on runs can be started. @param start answers once the run can be steered, or why it is not started */
  starts(start: () => Promise<Answer>): void {
    this.#behind = { ...this.#behind, start };
  }

  /** Whether somebody watches: nothing need be made for nobody. */
  get watched(): boolean {
    for (const connection of this.#connections) if (connection.watches) return true;
    return false;
  }

  /** Sends a line to everybody who watches. @param line with its line feed @param last nobody may miss it: none follows it */
  show(line: string, last = false): void {
    for (const connection of this.#connections) connection.show(line, last);
  }

  /**
   * Begins to listen. What a dead process left behind is replaced; nothing else is.
   * @throws UserError where it cannot be had at this path
   */
  async open(): Promise<void> {
    if (Buffer.byteLength(this.path) > longestPath) {
      throw new UserError(
        `--control: found a path of ${Buffer.byteLength(this.path)} bytes, expected at most ${longestPath}`,
        {
          hint: 'the system allows no longer one for a socket',
        },
      );
    }
    try {
      this.#server = await listen(this.path, (socket) => this.#welcome(socket));
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE') throw cannotListen(this.path, error);
      await removeStale(this.path);
      this.#server = await listen(this.path, (socket) => this.#welcome(socket)).catch((again: unknown) => {
        throw errorCode(again) === 'EADDRINUSE' ? inUse(this.path) : cannotListen(this.path, again);
      });
    }
  }

  /** Ends all connections, once what was answered is out or soon after, and removes the socket. */
  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const connection of this.#connections) connection.end();
    const cancel = new SystemClock().after(closeLimit, () => {
      for (const connection of this.#connections) connection.destroy();
      for (const socket of this.#refused) socket.destroy();
    });
    await closed;
    cancel();
  }

  /** Removes the socket in the current call stack, for when the process is about to end. */
  remove(): void {
    if (!this.#server) return;
    this.#server = undefined;
    fs.rmSync(this.path, { force: true });
  }

  #welcome(socket: net.Socket): void {
    if (this.#connections.size >= mostClients) {
      this.#refuse(socket);
      return;
    }
    socket.setEncoding('utf8');
    const connection = new ControlConnection(
      socket,
      (line) => answerTo(line, this.#behind),
      () => this.#connections.delete(connection),
    );
    this.#connections.add(connection);
  }

  /** Says why, and goes once that is out: a client that stays must hold neither a descriptor nor the end of the program. */
  #refuse(socket: net.Socket): void {
    this.#refused.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#refused.delete(socket));
    // What it sent is not looked at; unread, it would turn the answer into a reset.
    socket.resume();
    const error = `${mostClients} clients are connected, which is as many as there may be`;
    socket.end(jsonLine({ ok: false, error }), () => socket.destroy());
  }
}

const listen = (path: string, welcome: (socket: net.Socket) => void): Promise<net.Server> =>
  new Promise((resolve, reject) => {
    // A client may close its side and go on to watch, as `echo watch | nc -U` does.
    const server = net.createServer({ allowHalfOpen: true }, welcome);
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      // Whoever could not be accepted, for want of descriptors, tries again.
      server.on('error', () => {});
      resolve(server);
    });
    // The socket is bound, and its file made, before `listen` returns: with this mask its mode is 0600 from the beginning,
    // so that there is no instant in which anybody else could connect.
    const before = process.umask(0o177);
    try {
      server.listen(path);
    } finally {
      process.umask(before);
    }
  });

/** @throws UserError where what is at the path is not the socket of a dead process */
const removeStale = async (path: string): Promise<void> => {
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isSocket()) {
    const what = found.isDirectory() ? 'a folder' : found.isFile() ? 'a file' : 'something that is no socket';
    throw new UserError(`--control: found ${what} at ${path}, expected no file there`, { hint: chooseAnother });
  }
  if (!(await isDeaf(path))) throw inUse(path);
  const now = fs.lstatSync(path, { throwIfNoEntry: false });
  // Another run may have been quicker, and listen there by now.
  if (now?.ino === found.ino && now.dev === found.dev && now.ctimeMs === found.ctimeMs) fs.rmSync(path);
};

/** Whether nobody listens at the socket any more. Who takes no connection but is there is not deaf. */
const isDeaf = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(path);
    const done = (deaf: boolean): void => {
      cancel();
      socket.destroy();
      resolve(deaf);
    };
    const cancel = new SystemClock().after(knockLimit, () => done(false));
    socket.once('connect', () => done(false));
    socket.once('error', (error) => done(['ECONNREFUSED', 'ENOENT'].includes(errorCode(error) ?? '')));
  });

const inUse = (path: string): UserError =>
  new UserError(`--control: somebody listens at ${path} already`, {
    hint: `another run, most likely: loadtop ctl ${path} status; or ${chooseAnother}`,
  });

const cannotListen = (path: string, error: unknown): UserError => {
  const why = hasFolder(path)
    ? errorCode(error) === 'EACCES'
      ? 'its folder cannot be written to'
      : errorMessage(error)
    : 'its folder does not exist';
  return new UserError(`--control: no socket can be made at ${path}: ${why}`, { hint: chooseAnother, cause: error });
};

/** A missing folder is told as one that may not be written to. */
const hasFolder = (path: string): boolean => fs.existsSync(path.slice(0, path.lastIndexOf('/') + 1) || '.');
