// loadtop check: reads a profile as a run would, and says what it would do, or all that is wrong with it. Sends nothing,
// asks nobody, and needs no secrets.

import { tmpdir } from 'node:os';
import { type ExitCode, exitCodes } from '../common/errors.ts';
import type { Profile } from '../profile/profile.ts';
import type { Variable } from '../profile/variables.ts';
import { completePhases, effectivePhases, inputsOf, loadPath } from './effective-profile.ts';
import { type PlanReport, phasesReport, planReport } from './plan-report.ts';
import { phasesText, planText } from './plan-text.ts';
import { prepareData } from './prepare-data.ts';
import type { Invocation } from './read-arguments.ts';
import { sketchRun } from './sketch-run.ts';
import type { Io } from './terminal.ts';

/** Rows of a file that would be made: what a row is does not depend on how many there are. */
const rowsToLookAt = 100;

type CheckInvocation = Extract<Invocation, { command: 'check' }>;

/**
 * Prints the plan of a profile with the flags over it.
 * @throws UserError naming every fault of the profile
 */
export const check = async (invocation: CheckInvocation, { stdout, env }: Io): Promise<ExitCode> => {
  const { json, ascii } = invocation.values;
  const { profiles, variables } = await lookAt(invocation, env);
  const reports: PlanReport[] = [];
  for (const profile of profiles) {
    // What is only looked at is not to stay where files of runs are kept.
    const data = await prepareData(profile, {
      env: { ...env, XDG_CACHE_HOME: tmpdir() },
      tell: () => {},
      mostRows: rowsToLookAt,
    });
    const { plan, machines } = sketchRun(profile, false, data);
    reports.push(planReport(profile, plan, { variables, machines }));
  }
  const options = { columns: stdout.columns ?? 80, ascii };
  const [report, ...others] = reports;
  if (report === undefined) return exitCodes.fine;
  if (others.length === 0) stdout.write(json ? `${JSON.stringify(report)}\n` : planText(report, options));
  else stdout.write(json ? `${JSON.stringify(phasesReport(reports))}\n` : phasesText(phasesReport(reports), options));
  return exitCodes.fine;
};

const lookAt = async (
  { subject, values }: CheckInvocation,
  environment: Io['env'],
): Promise<{ readonly profiles: readonly Profile[]; readonly variables: readonly Variable[] }> => {
  if (subject.type === 'url') return { profiles: await effectivePhases({ subject, values }), variables: [] };
  const { draft, variables } = await loadPath(subject.path, { ...inputsOf(values, environment), look: true });
  return { profiles: completePhases(draft, values), variables };
};
