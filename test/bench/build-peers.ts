// Finds the peers, and builds those that no Debian package has: once, into a cache outside the tree. One that cannot be had
// is skipped with its reason.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cleanEnv, findProgram } from './command.ts';
import { type PeerName, peers } from './peers.ts';

export type Found = { readonly program: string; readonly version: string } | { readonly missing: string };

export const cacheFolder = (): string =>
  path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'loadtop-bench');

interface Recipe {
  /** Of the built program, in the peer's folder. */
  readonly program: string;
  /** What builds it, and has to be there. */
  readonly tool: string;
  readonly steps: (folder: string) => readonly (readonly [file: string, ...args: string[]])[];
  readonly env?: (folder: string) => Record<string, string>;
}

const recipes: Readonly<Record<'oha' | 'k6' | 'locust' | 'autocannon', Recipe>> = {
  oha: {
    program: 'bin/oha',
    tool: 'cargo',
    steps: (folder) => [['cargo', 'install', 'oha', '--locked', '--root', folder]],
  },
  k6: {
    program: 'bin/k6',
    tool: 'go',
    steps: () => [['go', 'install', 'go.k6.io/k6@v1.8.1']],
    env: (folder) => ({ GOBIN: path.join(folder, 'bin') }),
  },
  locust: {
    program: 'bin/locust',
    tool: 'python3',
    steps: (folder) => [
      ['python3', '-m', 'venv', folder],
      [path.join(folder, 'bin/pip'), 'install', '--quiet', 'locust'],
    ],
  },
  autocannon: {
    program: 'node_modules/autocannon/autocannon.js',
    tool: 'npm',
    steps: (folder) => [['npm', 'install', '--prefix', folder, '--no-audit', '--no-fund', 'autocannon@9']],
  },
};

const found = new Map<PeerName, Found>();

/** The peer's program, built if need be; `say` tells when that takes a while. */
export const findPeer = (name: PeerName, say: (text: string) => void): Found => {
  const known = found.get(name) ?? look(name, say);
  found.set(name, known);
  return known;
};

const look = (name: PeerName, say: (text: string) => void): Found => {
  const { source } = peers[name];
  if ('built' in source) {
    const program = built(source.built, say);
    return typeof program === 'string' ? { program, version: versionOf(name, program) } : program;
  }
  const program = findProgram(name);
  return program === undefined
    ? { missing: `not on PATH (Debian: ${source.package})` }
    : { program, version: versionOf(name, program) };
};

/** The path of the built program, or why there is none. */
const built = (name: keyof typeof recipes, say: (text: string) => void): string | { missing: string } => {
  const { program, tool, steps, env } = recipes[name];
  const folder = path.join(cacheFolder(), name);
  const file = path.join(folder, program);
  if (existsSync(file)) return file;
  if (findProgram(tool) === undefined) return { missing: `not built: ${tool} was not found` };
  say(`building ${name} with ${tool}, once: this takes up to some minutes`);
  mkdirSync(folder, { recursive: true });
  // npm would otherwise take the next package.json above for its own.
  if (tool === 'npm') writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  for (const [command, ...args] of steps(folder)) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', env: cleanEnv(env?.(folder)) });
    if (status !== 0) {
      const last = (stderr ?? '').trim().split('\n').at(-1) ?? '';
      return { missing: `not built: ${error?.message ?? last}` };
    }
  }
  return existsSync(file) ? file : { missing: `not built: ${tool} did not make ${program}` };
};

const versionOf = (name: PeerName, program: string): string => {
  const { args, pattern } = peers[name].version;
  if (args.length === 0) return '';
  const command = program.endsWith('.js') ? [process.execPath, program, ...args] : [program, ...args];
  const { stdout, stderr } = spawnSync(command[0]!, command.slice(1), { encoding: 'utf8', env: cleanEnv() });
  return pattern.exec(`${stdout}\n${stderr}`)?.[1] ?? '';
};
