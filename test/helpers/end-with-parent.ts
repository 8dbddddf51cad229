// For helper processes: ends them when the pipe that their parent holds to their stdin closes, however the parent ended.

import { fstatSync } from 'node:fs';

export const endWithParent = (): void => {
  const stdin = fstatSync(0);
  // Without a pipe (/dev/null) the end of stdin says nothing: whoever started it so ends it.
  if (!stdin.isFIFO() && !stdin.isSocket()) return;
  process.stdin.on('close', () => process.exit(0)).resume();
};
