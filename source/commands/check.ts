// loadtop check: reads a profile as a run would, and says what it would do, or all that is wrong with it. Sends nothing,
// asks nobody, and needs no secrets.

import { tmpdir } from 'node:os';
import { type ExitCode, exitCodes, UserError } from '../common/errors.ts';
import { compile } from '../profile/compile.ts';
import type { TemplateData } from '../profile/data.ts';
import { completeProfile } from '../profile/defaults.ts';
import type { Profile } from '../profile/profile.ts';
import type { Variable } from '../profile/variables.ts';
import { effectiveProfile, inputsOf, loadPath, withFlags } from './effective-profile.ts';
import { planReport } from './plan-report.ts';
import { planText } from './plan-text.ts';
import { prepareData } from './prepare-data.ts';
import { sketchRun } from './prepare-run.ts';
import type { Invocation } from './read-arguments.ts';
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
  const { profile, variables } = await lookAt(invocation, env);
  // What is only looked at is not to stay where files of runs are kept.
  const data = await prepareData(profile, {
    env: { ...env, XDG_CACHE_HOME: tmpdir() },
    tell: () => {},
    mostRows: rowsToLookAt,
  });
  refuseTemplates(profile, data);
  const { plan } = sketchRun(profile, false, data);
  const report = planReport(profile, plan, variables);
  const text = json ? `${JSON.stringify(report)}\n` : planText(report, { columns: stdout.columns ?? 80, ascii });
  stdout.write(text);
  return exitCodes.fine;
};

/** A run says of the first template that is none: a look says it of every step. */
const refuseTemplates = (profile: Profile, data: TemplateData): void => {
  const faults = profile.scenarios.flatMap((scenario) =>
    scenario.steps.flatMap((step) => templateFault({ ...profile, scenarios: [{ ...scenario, steps: [step] }] }, data)),
  );
  const texts = faults.map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`));
  if (texts.length > 1) throw new UserError([...new Set(texts)].join('\n'));
};

const templateFault = (profile: Profile, data: TemplateData): readonly UserError[] => {
  try {
    compile(profile, { userAgent: '', data });
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error];
  }
};

const lookAt = async (
  { subject, values }: CheckInvocation,
  environment: Io['env'],
): Promise<{ readonly profile: Profile; readonly variables: readonly Variable[] }> => {
  if (subject.type === 'url') return { profile: await effectiveProfile({ subject, values }), variables: [] };
  const { draft, variables } = await loadPath(subject.path, { ...inputsOf(values, environment), look: true });
  return { profile: completeProfile(withFlags(draft, values)), variables };
};
