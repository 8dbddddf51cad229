// Writes what README takes from the program: the tables of flags and keys, and with `--screen FILE` the captured screen.
// Run by `npm run readme`; test/readme.test.ts fails when a table is stale.

import { readFileSync, writeFileSync } from 'node:fs';
import { flagsMarkdown } from '../../source/commands/help.ts';
import { commandsMarkdown } from '../../source/session/command-line.ts';
import { keysMarkdown } from '../../source/ui/key-texts.ts';

const file = new URL('../../README.md', import.meta.url);
const put = (text: string, name: string, content: string): string =>
  text.replace(
    new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`),
    (_, before: string, after: string) => `${before}${content.trimEnd()}\n${after}`,
  );

const screen = process.argv[2] === '--screen' ? process.argv[3] : undefined;
let text = readFileSync(file, 'utf8');
text = put(text, 'flags', flagsMarkdown().trim());
text = put(text, 'keys', keysMarkdown().trim());
text = put(text, 'commands', commandsMarkdown().trim());
if (screen !== undefined) text = put(text, 'screen', `\`\`\`text\n${readFileSync(screen, 'utf8').trimEnd()}\n\`\`\``);
writeFileSync(file, text);
