// What code of a profile prints in a worker: told as notes, line by line, because the screen and stdout belong to the run.
// The first lines are told, the rest is read and forgotten: code that prints with each request would tell nothing else.

import type { Readable } from 'node:stream';
import { safeText } from '../common/safe-text.ts';
import type { Secrets } from '../common/secrets.ts';

/** Lines that are told of one stream. */
const mostLines = 20;

/** @param tell called with each line */
export const tellPrinted = (stream: Readable, secrets: Pick<Secrets, 'mask'>, tell: (text: string) => void): void => {
  let told = 0;
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (told > mostLines) return;
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, 1000);
    for (const line of lines) {
      const text = safeText(secrets.mask(line));
      if (text === '' || told > mostLines) continue;
      told += 1;
      tell(told > mostLines ? 'the profile prints more, which is not told' : `printed by the profile: ${text}`);
    }
  });
};
