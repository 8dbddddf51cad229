// Writes what README takes from the program: the tables of flags, keys, commands and knobs, and with `--capture` (of the built
// program) or `--screen FILE` the screen. Run by `npm run readme`; test/readme.test.ts fails when a table is stale.

import { readFileSync, writeFileSync } from 'node:fs';
import { flagsMarkdown } from '../../source/commands/help.ts';
import { knobsMarkdown } from '../../source/demo/knob-table.ts';
import { templatesMarkdown } from '../../source/profile/template-table.ts';
import { commandsMarkdown } from '../../source/session/command-line.ts';
import { keysMarkdown } from '../../source/ui/key-texts.ts';
import { captureScreen } from './capture-screen.ts';

const file = new URL('../../README.md', import.meta.url);
const put = (text: string, name: string, content: string): string =>
  text.replace(
    new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`),
    (_, before: string, after: string) => `${before}${content.trimEnd()}\n${after}`,
  );

const screenOf = async ([option, name]: readonly string[]): Promise<string | undefined> => {
  if (option === '--capture') return (await captureScreen()).join('\n');
  return option === '--screen' && name !== undefined ? readFileSync(name, 'utf8') : undefined;
};

const screen = await screenOf(process.argv.slice(2));
let text = readFileSync(file, 'utf8');
text = put(text, 'flags', flagsMarkdown().trim());
text = put(text, 'keys', keysMarkdown().trim());
text = put(text, 'commands', commandsMarkdown().trim());
text = put(text, 'templates', templatesMarkdown());
text = put(text, 'knobs', knobsMarkdown());
if (screen !== undefined) text = put(text, 'screen', `\`\`\`text\n${screen.trimEnd()}\n\`\`\``);
writeFileSync(file, text);
