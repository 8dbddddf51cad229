// Each invalid profile in test/fixtures/profiles/invalid is refused with exactly the message in the file beside it. Where
// a message was changed on purpose, `npm run messages` writes them anew: read what `git diff` says of them.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../fixtures/profiles/invalid/', import.meta.url));
const tool = fileURLToPath(new URL('../tools/write-messages.ts', import.meta.url));

const files = readdirSync(folder);
const names = files.filter((name) => !name.endsWith('.txt'));
const messages: Readonly<Record<string, string>> = JSON.parse(
  execFileSync(process.execPath, [tool], { encoding: 'utf8', timeout: 60_000 }),
);

test.each(names)('%s is refused with the message beside it (npm run messages writes it)', (name) => {
  const message = messages[name];
  expect(message).toBe(readFileSync(`${folder}${name}.txt`, 'utf8'));
  expect(message).toMatch(/^loadtop: /);
  expect(message).not.toMatch(/hush|a fault in loadtop|node:internal|\[object|undefined/);
});

test('there are enough of them, and no message without its profile', () => {
  expect(names.length).toBeGreaterThanOrEqual(40);
  expect(files.filter((name) => name.endsWith('.txt')).map((name) => name.slice(0, -'.txt'.length))).toEqual(names);
});
