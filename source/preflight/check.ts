// What was looked at before a load, and what came of it: the one shape in which every check is told, whoever made it and
// whoever shows it. Text in it that came from the target is already stripped of control characters.

/** `skipped`: it could not, or need not, be looked at; `found` says why. */
export type CheckLevel = 'ok' | 'warn' | 'bad' | 'skipped';

export interface Check {
  /** Short and stable: `port range`, `certificate`. */
  readonly name: string;
  readonly level: CheckLevel;
  /** What is there, in words and figures. */
  readonly found: string;
  /** What should be there, where that is another thing. */
  readonly wanted?: string;
  /** What to do about it: a command or a sentence. */
  readonly todo?: string;
}

/** A check that had to be left out. */
export const skipped = (name: string, why: string, todo?: string): Check => ({
  name,
  level: 'skipped',
  found: why,
  ...(todo !== undefined && { todo }),
});

/** Whether there is something to do about it. */
export const needsAttention = ({ level }: Check): boolean => level === 'warn' || level === 'bad';
