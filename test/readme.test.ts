// README speaks of the program as it is: its tables are the program's own, its files exist, its commands are scripts.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { flagsMarkdown } from '../source/commands/help.ts';
import { knobsMarkdown } from '../source/demo/knob-table.ts';
import { loadProfile } from '../source/profile/load-profile.ts';
import { templatesMarkdown } from '../source/profile/template-table.ts';
import { commandsMarkdown } from '../source/session/command-line.ts';
import { keysMarkdown } from '../source/ui/key-texts.ts';

const root = path.resolve(import.meta.dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const packageJson = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

const between = (name: string): string =>
  new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)\\n<!-- /${name} -->`).exec(readme)?.[1] ?? `no place for ${name}`;

describe('README', () => {
  it('has the program’s table of flags (npm run readme writes it)', () => {
    expect(between('flags')).toBe(flagsMarkdown().trim());
  });

  it('has the program’s table of keys (npm run readme writes it)', () => {
    expect(between('keys')).toBe(keysMarkdown().trim());
  });

  it('has the program’s table of commands (npm run readme writes it)', () => {
    expect(between('commands')).toBe(commandsMarkdown().trim());
  });

  it('has the program’s table of templates (npm run readme writes it)', () => {
    expect(between('templates')).toBe(templatesMarkdown());
  });

  it('has the demo target’s table of knobs (npm run readme writes it)', () => {
    expect(between('knobs')).toBe(knobsMarkdown());
  });

  it('begins with a captured screen of the size it was drawn for', () => {
    const screen = between('screen')
      .replaceAll(/^```.*$/gm, '')
      .trim()
      .split('\n');
    expect(screen.length).toBeGreaterThan(30);
    expect(screen.length).toBeLessThanOrEqual(40);
    for (const line of screen) expect([...line].length).toBeLessThanOrEqual(120);
    for (const title of [
      'throughput',
      'response time',
      'outcomes',
      'health',
      'metrics',
      'mongodb',
      'this machine',
      'generator',
      'log',
    ]) {
      expect(screen.join('\n')).toContain(title);
    }
  });

  it('shows profiles, and parts of them, that load', () => {
    const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!);
    const parts = blocks.flatMap((text) => (text.startsWith('load: {') ? text.trimEnd().split('\n') : [text]));
    expect(parts.length).toBeGreaterThanOrEqual(7);
    const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-readme-'));
    // What the profiles name beside them.
    writeFileSync(path.join(folder, 'people.csv'), 'id,email\n');
    try {
      writeFileSync(path.join(folder, 'people.csv'), 'email\n');
      for (const [index, text] of parts.entries()) {
        const file = path.join(folder, `${index}.yaml`);
        const head = text.includes('target:') ? '' : 'target: http://localhost:3000\nsteps: [get: /]\n';
        writeFileSync(file, `${head}${text}\n`);
        expect(() => loadProfile(file, { environment: { TOKEN: 'x' } })).not.toThrow();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('names only npm scripts that exist', () => {
    const run = [...readme.matchAll(/npm run (?:--\S+ )*([\w:-]+)/g)].map(([, name]) => name!);
    const short = [...readme.matchAll(/npm (test|start)\b/g)].map(([, name]) => name!);
    expect(run).toEqual(expect.arrayContaining(['demo', 'test:acceptance']));
    expect(short).toEqual(expect.arrayContaining(['test', 'start']));
    for (const name of [...run, ...short]) expect(Object.keys(packageJson.scripts)).toContain(name);
  });

  it('names only files that exist, and the version that is packed', () => {
    // A relative path between backticks or in a command: with a folder in front, or a file with a known ending.
    const pathLike = /^(?:\.\/)?(?:[a-z.][\w.-]*\/)+[\w.-]*$|^[\w-][\w.-]*\.(?:ya?ml|json|md|ts|js|tgz|html)$/;
    const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text!);
    // Names of a run's own results, and of what is packed: they are not there before.
    const made = ['out.json', 'result.json', 'FILE.json', `./loadtop-${packageJson.version}.tgz`];
    const words = [
      ...readme.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`\n]+)`/g),
      ...commands.map((text) => ['', text]),
    ]
      .flatMap(([, text]) => text!.split(/\s+/))
      .filter((word) => pathLike.test(word) && !made.includes(word));
    expect(words).toEqual(expect.arrayContaining(['source/README.md', 'profiles/', 'profiles/events-simple.yaml']));
    // What a build makes is not there before it: its source is.
    const sourceOf = (word: string): string => word.replace(/^dist\/(.+)\.js$/, 'source/$1.ts');
    for (const word of words) expect([word, existsSync(path.join(root, sourceOf(word)))]).toEqual([word, true]);
    expect(readme).toContain(`loadtop-${packageJson.version}.tgz`);
    expect(readme).toContain(packageJson.engines.node.replace('>=', ''));
  });
});
