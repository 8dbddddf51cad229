import { describe, expect, test } from 'vitest';
import { flagTable } from '../../source/commands/flags.ts';
import { flagsMarkdown, helpText } from '../../source/commands/help.ts';
import { readArguments } from '../../source/commands/read-arguments.ts';

describe('the table of flags', () => {
  test('uses each name and letter once', () => {
    const names = flagTable.flatMap(({ name, short, aliases }) => [
      name,
      ...(short ? [short] : []),
      ...(aliases ?? []),
    ]);
    expect(names).toHaveLength(new Set(names).size);
  });

  test('has a name and an example for each value, and none for switches', () => {
    for (const flag of flagTable) {
      expect([flag.name, flag.value !== undefined, flag.example !== undefined]).toEqual([
        flag.name,
        flag.type !== 'switch',
        flag.type !== 'switch',
      ]);
    }
  });

  test.each(flagTable.map((flag) => [flag.name, flag] as const))('has an example of --%s that works', (name, flag) => {
    const value = flag.example === undefined ? [] : [flag.example.replaceAll(/^'|'$/g, '')];
    const subject = ['host', 'set', 'phase'].includes(name) ? 'a.yaml' : 'http://localhost';
    for (const spelling of [name, ...(flag.short ? [flag.short] : []), ...(flag.aliases ?? [])]) {
      const token = spelling.length === 1 ? `-${spelling}` : `--${spelling}`;
      const invocation = readArguments([subject, token, ...value], {});
      const expected = name === 'help' || name === 'version' ? name : 'run';
      expect(invocation.command).toBe(expected);
      // A flag that nobody reads would leave everything as it is.
      expect(invocation).not.toEqual(readArguments([subject], {}));
    }
  });
});

describe('the help', () => {
  test('names every flag in every spelling and fits 80 columns', () => {
    const text = helpText();
    for (const { name, short, aliases } of flagTable) {
      expect(text).toContain(`--${name}`);
      for (const other of [...(short ? [short] : []), ...(aliases ?? [])]) {
        expect(text).toContain(other.length === 1 ? `-${other}` : `--${other}`);
      }
    }
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('gives examples that work', () => {
    const examples = helpText().split('Examples\n')[1]!.trimEnd().split('\n');
    expect(examples).toHaveLength(5);
    for (const example of examples) {
      const argv = [...example.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!);
      expect(argv[0]).toBe('loadtop');
      expect(readArguments(argv.slice(1), {}).command).toBe(argv[1] === 'doctor' ? 'doctor' : 'run');
    }
  });
});

test('the Markdown table has a row of four cells for each flag', () => {
  const rows = flagsMarkdown().split('\n');
  expect(rows).toHaveLength(flagTable.length + 2);
  for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(6);
  expect(flagsMarkdown()).toContain('| `-q` `--rate` `-R` `RATE` |');
  expect(flagsMarkdown()).toContain('`LOADTOP_MAX_IN_FLIGHT`');
});
