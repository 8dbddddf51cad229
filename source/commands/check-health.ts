// `--check-health`: asks the target how it is before anything is loaded, and refuses the run unless it is well.

import { errorMessage, exitCodes, UserError } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import { late, limited } from '../preflight/limited.ts';
import { buildProbes, type ProbeSurroundings, type ProbeTargets } from '../probes/index.ts';
import { type Probe, ProbeError } from '../probes/probe.ts';

const limitMs = 2000;

/**
 * Asks the first health URL of the profile, ORIGIN/health where it has none.
 * @throws UserError (exit code 1) unless the answer says `ok`
 */
export const requireHealth = async (
  targets: ProbeTargets,
  surroundings: Omit<ProbeSurroundings, 'local'>,
): Promise<void> => {
  // As if the target were local: the user asked for its health, so ORIGIN/health is asked wherever it is.
  const built = buildProbes({ ...targets, metrics: [], mongo: [] }, { ...surroundings, local: true });
  const probe = built.find(({ probe: { kind } }) => kind === 'health')?.probe;
  try {
    if (!probe) throw refusal('there is no health URL', 'name one with --health URL');
    await askHealth(probe);
  } finally {
    await Promise.all(built.map((each) => each.probe.close().catch(() => {})));
  }
};

const askHealth = async (probe: Probe): Promise<void> => {
  const result = await limited(limitMs, undefined, (signal) => probe.read(signal)).catch((error: unknown) => {
    const hint = error instanceof ProbeError ? error.hint : undefined;
    throw refusal(
      `${probe.target}: ${safeText(errorMessage(error), 200)}`,
      hint ?? 'start the target, or name its health URL with --health URL',
    );
  });
  if (result === late) {
    throw refusal(
      `${probe.target}: no answer within ${limitMs / 1000} s`,
      'look at the target, or leave --check-health out',
    );
  }
  const facts = result.values.filter((value) => value.type === 'fact');
  const status = facts.find(({ metric }) => metric === 'status');
  if (status?.state === 'ok') return;
  const ill = facts.filter((fact) => fact !== status && fact.state !== undefined && fact.state !== 'ok');
  const said = [
    `${status?.text ?? 'unknown'} (${result.title?.split(' ', 1)[0] ?? 'no status'})`,
    ...ill.map(({ label, text }) => `${label} ${text}`),
  ];
  const hint =
    status?.state === 'degraded' || status?.state === 'down'
      ? 'mend the target first, or leave --check-health out'
      : 'name the health URL with --health URL, or leave --check-health out';
  throw refusal(`${probe.target} is ${said.join('; ')}`, hint);
};

const refusal = (found: string, hint: string): UserError =>
  new UserError(`not started, because the health is not ok: ${found}`, { hint, exitCode: exitCodes.failed });
