// What a run says of each invalid profile in test/fixtures/profiles/invalid, as one JSON object; with `--write` (npm run
// messages) it goes into a file beside each. Apart from the tests, so that modules are imported by Node itself.

import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { effectiveProfile } from '../../source/commands/effective-profile.ts';
import { faultText } from '../../source/commands/main.ts';
import { readArguments } from '../../source/commands/read-arguments.ts';
import { sketchRun } from '../../source/commands/sketch-run.ts';

const folder = fileURLToPath(new URL('../fixtures/profiles/invalid/', import.meta.url));
/** What the profiles find set. */
const environment = { TOKEN: 'hush-hush', RATE: 'fast' };

const messageOf = async (name: string): Promise<string> => {
  const invocation = readArguments(['run', `${folder}${name}`], {});
  if (invocation.command !== 'run') throw new Error('no run');
  try {
    sketchRun(await effectiveProfile(invocation, { environment }), false);
    return 'accepted\n';
  } catch (error) {
    return faultText(error).replaceAll(`file://${folder}`, '').replaceAll(folder, '');
  }
};

const names = readdirSync(folder).filter((name) => !name.endsWith('.txt'));
const messages: Record<string, string> = {};
for (const name of names) messages[name] = await messageOf(name);
if (process.argv.includes('--write')) {
  for (const [name, message] of Object.entries(messages)) writeFileSync(`${folder}${name}.txt`, message);
} else process.stdout.write(JSON.stringify(messages));
