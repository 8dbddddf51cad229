// Direction is executable: what may import what, and where clocks, randomness and the end of the process may be touched, as
// a table that this test checks against the source.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../source');

interface Rule {
  /** Own folders, and single files, it may import from, beside itself. `types:` in front: types only. */
  readonly own: readonly string[];
  /** Packages and node built-ins; a pattern for file names in front of `:` narrows it. */
  readonly outside: readonly string[];
  readonly instead: string;
}

const anyNode = 'node:*';

const rules: Readonly<Record<string, Rule>> = {
  common: { own: [], outside: [], instead: 'common is at the bottom: move what needs more to the layer that needs it' },
  load: { own: ['common'], outside: [], instead: 'load is pure: pass in what it needs' },
  measure: {
    own: ['common'],
    outside: ['histogram.ts: hdr-histogram-js'],
    instead: 'measure is pure: let engine or outputs do what touches the world',
  },
  profile: {
    own: [
      'common',
      'types:load',
      'types:measure',
      'measure/objective.ts',
      'measure/objective-counted.ts',
      'measure/metric.ts',
      'measure/band.ts',
      'measure/band-presets.ts',
    ],
    outside: [
      ...[
        'schema.ts',
        'schema-parts.ts',
        'schema-load.ts',
        'schema-steps.ts',
        'schema-bands.ts',
        'schema-bodies.ts',
        'schema-data.ts',
        'schema-functions.ts',
        'schema-expect.ts',
        'schema-metrics.ts',
        'schema-phases.ts',
        'schema-flow.ts',
        'schema-stream.ts',
        'schema-variables.ts',
        'json-schema.ts',
      ].map((file) => `${file}: zod`),
      'load-profile.ts: node:fs',
      'load-profile.ts: node:path',
      'load-profile.ts: node:util',
      'module-source.ts: node:url',
      'yaml-source.ts: yaml',
    ],
    instead:
      'a profile is data: only load-profile.ts reads files, only yaml-source.ts knows yaml, only schema.ts and its sections know zod',
  },
  engine: {
    own: ['common', 'load', 'measure', 'types:profile'],
    outside: [
      ...[
        'worker_threads',
        'net',
        'tls',
        'http',
        'http2',
        'fs',
        'os',
        'stream',
        'crypto',
        'zlib',
        'dns',
        'dns/promises',
      ].map((name) => `node:${name}`),
      'node:perf_hooks',
      'faker-lists.ts: @faker-js/faker/locale/en',
      'row-index.ts: node:buffer',
    ],
    instead: 'the engine tells intervals and takes switches: the session does the rest',
  },
  probes: {
    own: ['common'],
    outside: [
      'undici',
      'mongodb',
      'systeminformation',
      'node:os',
      'node:fs',
      'node:net',
      'node:tls',
      'node:zlib',
      'node:perf_hooks',
    ],
    instead: 'a probe answers with readings and knows nobody',
  },
  preflight: {
    own: ['common', 'profile', 'probes'],
    outside: [
      'undici',
      'exchange.ts: node:net',
      'dial.ts: node:net',
      'dial.ts: node:tls',
      'reach-look.ts: node:net',
      'reach-look.ts: node:dns/promises',
      'machine-facts.ts: node:fs',
      'machine-facts.ts: node:os',
    ],
    instead: 'preflight looks and judges: commands/ says at what, and shows what came of it',
  },
  session: {
    own: ['common', 'load', 'measure', 'diagnosis', 'types:profile', 'types:engine', 'types:probes'],
    outside: ['control-socket.ts: node:net', 'control-socket.ts: node:fs'],
    instead: 'the session gets its parts from commands/, as interfaces',
  },
  outputs: {
    own: ['common', 'measure', 'types:session'],
    outside: ['node:fs', 'node:zlib', 'report-files.ts: node:path'],
    instead: 'an output reads events',
  },
  ui: {
    // Of the session the screen uses what a command is and when one makes no sense: the doors speak one language.
    own: [
      'common',
      'types:measure',
      'types:session',
      'measure/objective.ts',
      'measure/objective-counted.ts',
      'measure/band.ts',
      'session/availability.ts',
      'session/command-line.ts',
      'session/state.ts',
    ],
    outside: ['react', 'ink', 'cell-output.ts: node:fs'],
    instead: 'the UI asks the session: what it shows belongs in RunState',
  },
  demo: { own: ['common'], outside: [anyNode, 'prom-client', 'mongodb'], instead: 'demo is a process of its own' },
  commands: {
    own: ['common', 'load', 'measure', 'profile', 'engine', 'probes', 'preflight', 'session', 'outputs', 'ui'],
    outside: [anyNode, 'meow'],
    instead: 'commands put things together: demo is started as a process, never imported',
  },
  '.': { own: ['commands', 'types:*'], outside: [], instead: 'cli.ts hands over to commands; index.ts has types only' },
};

/** What only some files may touch. */
const reserved = [
  {
    pattern: /\b(Date\.now|performance\.now|setTimeout|setInterval|setImmediate|Math\.random|process\.hrtime)\b/,
    allowed: /^(common\/(clock|random)\.ts|demo\/)/,
    instead: 'use common/clock.ts or common/random.ts, or take a Clock',
  },
  { pattern: /\bprocess\.exit\(/, allowed: /^cli\.ts$/, instead: 'return an exit code to cli.ts' },
];

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const importsOf = (text: string): Import[] => {
  const found: Import[] = [];
  const statement =
    /^(?:import|export)\s+(type\s+)?([^'";]*?)\s*from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
  for (const [, type, names, from, bare, dynamic] of text.matchAll(statement)) {
    const listed = /\{([^}]*)\}/
      .exec(names ?? '')?.[1]
      ?.split(',')
      .filter((name) => name.trim() !== '');
    const allTypes =
      listed !== undefined &&
      listed.length > 0 &&
      !/^\s*[\w*]+\s*,/.test(names ?? '') &&
      listed.every((name) => /^\s*type\s/.test(name));
    found.push({ specifier: from ?? bare ?? dynamic ?? '', typeOnly: type !== undefined || allTypes });
  }
  return found;
};

/** What is wrong with a file, in words that say what to do. */
const faultsOf = (file: string, text: string): string[] => {
  const folder = file.includes('/') ? file.split('/')[0]! : '.';
  const rule = rules[folder];
  if (!rule) return [`${file}: no rule for the folder ${folder}; add one to the table (and to the design)`];
  const faults: string[] = [];
  for (const { specifier, typeOnly } of importsOf(text)) {
    if (!mayImport(rule, file, folder, specifier, typeOnly)) {
      faults.push(`${file} imports ${specifier}${typeOnly ? ' (types)' : ''}: ${rule.instead}`);
    }
  }
  for (const { specifier } of importsOf(text)) {
    // A component in panels/ is a panel; what words lines or counts rows is not.
    if (/^ui\/panels\//.test(file) && /^\.\/[^/]+\.tsx$/.test(specifier)) {
      faults.push(`${file} imports ${specifier}: no panel knows another, what both use belongs in ui/parts`);
    }
  }
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
  for (const { pattern, allowed, instead } of reserved) {
    const match = pattern.exec(code);
    if (match && !allowed.test(file)) faults.push(`${file} uses ${match[0].replace('(', '')}: ${instead}`);
  }
  if (!/^(#!.*\n)?\/\/ /.test(text)) faults.push(`${file}: open the file with what it is for`);
  return faults;
};

const mayImport = (rule: Rule, file: string, folder: string, specifier: string, typeOnly: boolean): boolean => {
  if (specifier.startsWith('.')) {
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
    const targetFolder = target.includes('/') ? target.split('/')[0]! : '.';
    if (targetFolder === folder) return true;
    if (rule.own.includes(targetFolder) || rule.own.includes(target)) return true;
    return typeOnly && (rule.own.includes(`types:${targetFolder}`) || rule.own.includes('types:*'));
  }
  return rule.outside.some((entry) => {
    const [only, name] = entry.includes(': ') ? entry.split(': ') : [undefined, entry];
    if (only !== undefined && !file.endsWith(`/${only}`)) return false;
    return name === specifier || (name === anyNode && specifier.startsWith('node:'));
  });
};

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => file.replaceAll(path.sep, '/'));

describe('the source', () => {
  it('keeps to the import directions, the clocks and the heads of files', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap((file) => faultsOf(file, readFileSync(path.join(root, file), 'utf8')))).toEqual([]);
  });

  it('has a room for each folder of the table', () => {
    const folders = new Set(files.map((file) => (file.includes('/') ? file.split('/')[0]! : '.')));
    expect(Object.keys(rules).filter((folder) => !folders.has(folder))).toEqual([]);
  });
});

describe('the check itself', () => {
  it.each([
    ['ui/panels/load.tsx', "import { Client } from 'undici';", 'ui/panels/load.tsx imports undici'],
    ['ui/panels/latency.tsx', "import { timeAxisRows } from './load.tsx';", 'no panel knows another'],
    ['ui/panels/outcome-rows.ts', "import { isFine } from './errors.tsx';", 'no panel knows another'],
    ['ui/app.tsx', "import fs from 'node:fs';", 'imports node:fs'],
    [
      'session/x.ts',
      "import { ThreadEngine } from '../engine/thread-engine.ts';",
      'imports ../engine/thread-engine.ts',
    ],
    ['load/x.ts', "import { Histogram } from '../measure/histogram.ts';", 'imports ../measure/histogram.ts'],
    ['common/units.ts', "import fs from 'node:fs';", 'imports node:fs'],
    ['measure/timeline.ts', "import hdr from 'hdr-histogram-js';", 'imports hdr-histogram-js'],
    ['engine/x.ts', "const { render } = await import('ink');", 'imports ink'],
    ['commands/demo.ts', "import { Buffer } from '../demo/buffer.ts';", 'imports ../demo/buffer.ts'],
    ['engine/x.ts', 'setTimeout(() => {}, 1);', 'uses setTimeout'],
    ['measure/x.ts', 'const at = Date.now();', 'uses Date.now'],
    ['commands/run.ts', 'process.exit(1);', 'uses process.exit'],
    ['cellar/x.ts', '', 'no rule for the folder cellar'],
    ['load/x.ts', 'export const a = 1;', 'open the file with what it is for'],
  ])('refuses %s with %s', (file, line, fault) => {
    const head = fault.startsWith('open') ? '' : '// What it is for.\n';
    expect(faultsOf(file, `${head}${line}\n`).join('\n')).toContain(fault);
  });

  it.each([
    ['ui/panels/log.tsx', "import { logLine } from './log-line.ts';"],
    ['session/x.ts', "import type { Engine } from '../engine/engine.ts';"],
    ['session/x.ts', "import { type Engine, type Stopped } from '../engine/engine.ts';"],
    ['ui/cell-output.ts', "import fs from 'node:fs';"],
    ['common/clock.ts', 'setTimeout(() => {}, 1);'],
    ['engine/x.ts', '// setTimeout is late\nexport {};'],
    ['cli.ts', 'process.exit(0);'],
  ])('accepts %s with %s', (file, line) => {
    expect(faultsOf(file, `// What it is for.\n${line}\n`)).toEqual([]);
  });
});
