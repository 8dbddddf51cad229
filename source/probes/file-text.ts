// Reads the small files of /proc and /sys, where a file that is not there, or may not be read, is as good as empty.

import { readFileSync } from 'node:fs';

/** The text of a file; empty where there is none to be had. */
export const fileText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
