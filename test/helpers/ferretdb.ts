// A real server with MongoDB's protocol for tests: FerretDB, built once from ferretdb/ with the Go tool chain into a
// cache outside the tree, and run in a temporary folder.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sources = fileURLToPath(new URL('ferretdb/', import.meta.url));
const startLimitMs = 20_000;
const stopLimitMs = 5000;

export interface Missing {
  readonly missing: string;
}

export interface FerretdbServer {
  readonly uri: string;
  readonly port: number;
  /** Ends the server; its data is gone with it, unless the folder was the caller's. */
  stop(): Promise<void>;
  /** Ends it as a crash does (SIGKILL); what it had stored stays. */
  kill(): Promise<void>;
}

/**
 * Path of the built server, or why there is none (no Go, modules that cannot be fetched). The first call on a machine
 * takes a minute or more; later ones, in any process, find the binary. Rejects where our own source does not build.
 */
export const ferretdbBinary = async (): Promise<string | Missing> => {
  const hash = createHash('sha256').update(process.platform + process.arch);
  for (const name of ['main.go', 'go.mod', 'go.sum']) hash.update(await readFile(join(sources, name)));
  const folder = join(process.env.XDG_CACHE_HOME ?? tmpdir(), 'loadtop-test-cache');
  const binary = join(folder, `ferretdb-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(binary)) return binary;
  const options = { cwd: sources, env: { ...process.env, CGO_ENABLED: '0' }, maxBuffer: 64 * 1024 * 1024 };
  try {
    await run('go', ['version'], options);
  } catch {
    return { missing: 'go is not on PATH; the FerretDB test server is built with it' };
  }
  try {
    // Fetches what the build needs and nothing else, so that a failure here is the network's.
    await run('go', ['list', '-mod=readonly', '-deps', '-f', '{{.Name}}', '.'], options);
  } catch (error) {
    return { missing: `the modules of the FerretDB test server cannot be fetched: ${lastLine(error)}` };
  }
  await mkdir(folder, { recursive: true });
  // Two test files may build at the same time; a rename makes the last one win without the other noticing.
  const unfinished = `${binary}.${process.pid}`;
  await run('go', ['build', '-mod=readonly', '-trimpath', '-o', unfinished, '.'], options);
  await rename(unfinished, binary);
  return binary;
};

/**
 * Starts a server on 127.0.0.1. A `folder` of the caller's and a `port` let one be started again where another ended.
 * Rejects where there is no binary.
 */
export const startFerretdb = async (options: { folder?: string; port?: number } = {}): Promise<FerretdbServer> => {
  const binary = await ferretdbBinary();
  if (typeof binary !== 'string') throw new Error(binary.missing);
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'loadtop-ferretdb-')));
  const flags = ['-listen', `127.0.0.1:${options.port ?? 0}`, '-folder', folder, '-exit-with-stdin'];
  // Its working folder is its own too: it writes nothing else, but a test server must not litter the tree if it ever does.
  const child = spawn(binary, flags, { stdio: ['pipe', 'pipe', 'pipe'], cwd: folder });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-2000);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), startLimitMs);
  const first = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'close').then(() => []),
  ]);
  clearTimeout(timer);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const over = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      await over;
      clearTimeout(late);
    }
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  };
  const [uri] = first as [string?];
  if (uri === undefined) {
    await stop();
    throw new Error(`FerretDB did not start: ${log.trim()}`);
  }
  const kill = async (): Promise<void> => {
    const over = once(child, 'exit');
    child.kill('SIGKILL');
    await over;
  };
  return { uri, port: Number(new URL(uri).port), stop, kill };
};

const lastLine = (error: unknown): string => {
  const { stderr = '' } = error as { stderr?: string };
  return stderr.trim().split('\n').at(-1) ?? 'no reason given';
};
