// What this machine and this program are: cores, the limit on descriptors, the version.

import { readFileSync } from 'node:fs';
import os from 'node:os';

/** Descriptors this process may have open; undefined where the system does not say. */
export const descriptorLimit = (): number | undefined => {
  try {
    const line = readFileSync('/proc/self/limits', 'utf8')
      .split('\n')
      .find((text) => text.startsWith('Max open files'));
    const soft = Number(line?.split(/\s{2,}/)[1]);
    return Number.isInteger(soft) ? soft : undefined;
  } catch {
    // Only Linux has it.
    return undefined;
  }
};

/** Cores that this process may use. */
export const coreCount = (): number => os.availableParallelism();

/** The program's version, as in package.json. */
export const programVersion = (): string => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '0.0.0';
};
