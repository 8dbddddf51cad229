// How many files a process has open, of how many it may: what both this process and the target's are asked.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Level } from './probe.ts';
import { parseOpenFileLimit } from './proc-text.ts';

/** From which share of its limit a number of open files is worth a look, and from which it is wrong. */
const warnRatio = 0.8;
const badRatio = 0.95;

/**
 * Open files of a process. Linux from 6.2 on gives their number as the folder's size; before, and for 0, they are counted.
 * @param folder such as `/proc/self`
 * @returns undefined where they may not be counted, or there is no such folder
 */
export const countOpenFiles = (folder: string): number | undefined => {
  try {
    return statSync(`${folder}/fd`).size || readdirSync(`${folder}/fd`).length;
  } catch {
    return undefined;
  }
};

/** The limit of open files of a process; undefined where there is none, or it is not known. @param folder such as `/proc/self` */
export const openFileLimit = (folder: string): number | undefined => {
  try {
    return parseOpenFileLimit(readFileSync(`${folder}/limits`, 'utf8'));
  } catch {
    return undefined;
  }
};

/** How a number of open files is to be taken; undefined without a limit. */
export const openFilesLevel = (count: number, limit: number | undefined): Level | undefined => {
  if (limit === undefined) return undefined;
  if (count >= limit * badRatio) return 'bad';
  return count >= limit * warnRatio ? 'warn' : 'ok';
};
