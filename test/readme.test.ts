// README speaks of the program as it is: its tables are the program's own, its files exist, its commands are scripts.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { flagsMarkdown } from '../source/commands/help.ts';
import { keysMarkdown } from '../source/ui/keymap.ts';

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

  it('names only npm scripts that exist', () => {
    const names = [...readme.matchAll(/npm (?:run )?(demo|test:[a-z]+|test|start|bench|pack|ci)\b/g)].map(
      ([, name]) => name!,
    );
    expect(names).toEqual(expect.arrayContaining(['demo', 'test', 'test:acceptance']));
    for (const name of names) if (!['ci', 'pack'].includes(name)) expect(packageJson.scripts).toHaveProperty(name);
  });

  it('names only files that exist, and the version that is packed', () => {
    for (const file of ['source/README.md', 'profiles/events-simple.yaml']) {
      expect(readme).toContain(file);
      expect(existsSync(path.join(root, file))).toBe(true);
    }
    expect(readme).toContain(`loadtop-${packageJson.version}.tgz`);
    expect(readme).toContain(packageJson.engines.node.replace('>=', ''));
  });
});
