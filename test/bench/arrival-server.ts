// Starts the server that logs arrivals, compiled where there is a C compiler, and reads its log.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cleanEnv, findProgram, lastLines, start } from './command.ts';

/** One request; instants in ms of the monotonic clock. */
export interface Logged {
  /** Number of the arrival; -1 where the request carries none. */
  readonly number: number;
  readonly came: number;
  /** When its answer was written; 0 where it never was. */
  readonly ended: number;
}

export interface ArrivalServer {
  readonly origin: string;
  readonly pid: number;
  /** What the report calls it. */
  readonly words: string;
  /** Ends it and reads what it logged, in order of arrival. */
  stop(): Promise<readonly Logged[]>;
}

export interface ServerSettings {
  readonly serviceMs: number;
  /** Stands still for `stallMs` at the end of each cycle of `cycleMs`; 0: never. */
  readonly cycleMs: number;
  readonly stallMs: number;
}

export const parseLog = (bytes: Buffer): Logged[] => {
  const values = new BigInt64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return Array.from({ length: Math.floor(values.length / 3) }, (_, index) => ({
    number: Number(values[index * 3]),
    came: Number(values[index * 3 + 1]) / 1e6,
    ended: Number(values[index * 3 + 2]) / 1e6,
  }));
};

/** The program and its first arguments. */
const program = (workFolder: string): readonly [string, ...string[]] => {
  const source = path.join(import.meta.dirname, 'arrival-server.c');
  const file = path.join(workFolder, 'arrival-server');
  const compiler = findProgram('cc');
  if (compiler !== undefined && !existsSync(file)) {
    const { status, stderr } = spawnSync(compiler, ['-O2', '-Wall', '-o', file, source], {
      encoding: 'utf8',
      env: cleanEnv(),
    });
    if (status !== 0) throw new Error(`the arrival server does not compile: ${stderr}`);
  }
  return existsSync(file) ? [file] : [process.execPath, path.join(import.meta.dirname, 'arrival-server-process.ts')];
};

let servers = 0;

export const startArrivalServer = async (
  workFolder: string,
  { serviceMs, cycleMs, stallMs }: ServerSettings,
  cpu: number | undefined,
): Promise<ArrivalServer> => {
  servers += 1;
  const logFile = path.join(workFolder, `arrivals-${servers}`);
  const [file, ...before] = program(workFolder);
  const args = [...before, `${serviceMs * 1000}`, `${cycleMs}`, `${stallMs}`, logFile];
  const running = start({ file, args }, cpu);
  const port = await running.firstLine;
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: running.pid,
    words: before.length === 0 ? 'a server in C' : 'a server in Node (there is no C compiler)',
    stop: async () => {
      running.end();
      const exit = await running.exited;
      if (exit.code !== 0) throw new Error(`the arrival server ended with ${lastLines(exit)}`);
      return parseLog(readFileSync(logFile));
    },
  };
};
