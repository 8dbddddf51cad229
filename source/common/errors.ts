// Faults that a person at the keyboard can mend, as against bugs. A UserError is printed as a sentence and a hint, never
// as a stack trace.

/** Exit codes of the program (README, "Exit codes"). */
export const exitCodes = {
  fine: 0,
  failed: 1,
  usage: 2,
  notValid: 96,
  objectiveBroken: 99,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What the user got wrong or the machine refuses, said so that it can be mended. */
export class UserError extends Error {
  /** What to do about it; printed on its own line. */
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, options: { hint?: string; exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'UserError';
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? exitCodes.usage;
  }
}

/** The system error code of a thrown value (`ENOENT`, `UND_ERR_SOCKET`), or undefined. */
export const errorCode = (error: unknown): string | undefined => {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
};

/** The message of anything that was thrown, in one line. */
export const errorMessage = (error: unknown): string => {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll(/\s+/g, ' ').trim();
};
