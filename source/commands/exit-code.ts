// The exit code of a run, from how it ended and what came of it (README, "Exit codes").

import { type ExitCode, exitCodes } from '../common/errors.ts';
import type { Ending } from '../session/session-parts.ts';

/** The signal that ended the run, if one did. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | undefined;

/**
 * The exit code. Precedence: how it was left (129, 130, 143), then whether it could be carried out, then whether it is valid,
 * then whether it met its objectives.
 * @param judged false: what came of it is printed and not judged
 */
export const exitCodeOf = (
  { summary, broken, aborted, cutInFlight }: Ending,
  signal: EndSignal,
  judged = true,
): ExitCode => {
  if (signal === 'SIGHUP') return exitCodes.hangup;
  if (signal === 'SIGTERM' && (aborted || cutInFlight > 0)) return exitCodes.terminated;
  if (aborted) return exitCodes.interrupted;
  if (broken) return exitCodes.failed;
  if (!judged) return exitCodes.fine;
  if (summary.good === 0) return exitCodes.failed;
  if (!summary.generator.valid) return exitCodes.notValid;
  return summary.objectives.some(({ brokenMs }) => brokenMs > 0) ? exitCodes.objectiveBroken : exitCodes.fine;
};

/** From the worst to the best (README, "Exit codes"). */
const precedence: readonly ExitCode[] = [
  exitCodes.usage,
  exitCodes.hangup,
  exitCodes.interrupted,
  exitCodes.terminated,
  exitCodes.failed,
  exitCodes.notValid,
  exitCodes.objectiveBroken,
];

/** The one that counts of several; fine without any. */
export const worstCode = (codes: readonly ExitCode[]): ExitCode =>
  precedence.find((code) => codes.includes(code)) ?? exitCodes.fine;

/** The exit code of a run that was ended before its load began: not one request was good, if nothing else is to be said. */
export const unbegunCode = (signal: EndSignal, aborted: boolean): ExitCode => {
  if (signal === 'SIGHUP') return exitCodes.hangup;
  if (!aborted) return exitCodes.failed;
  return signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
};
