// Asks each probe of the target once, as a run would every second, and says what it brings: the health state, which numbers
// of the metrics are understood, what MongoDB is and lets us see.

import { SystemClock } from '../common/clock.ts';
import { errorMessage } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import { formatMs } from '../common/units.ts';
import type { BuiltProbe } from '../probes/index.ts';
import { type Fact, type Gap, type HealthState, type Probe, ProbeError, type ProbeResult } from '../probes/probe.ts';
import { type Check, skipped } from './check.ts';
import { late, limited } from './limited.ts';

/** A second look brings the rates that the first one cannot have; so long after the first, ms. */
const betweenLooksMs = 250;

/** The checks of the probes that look at the target; closes them. Takes `limitMs` and a little, never rejects. */
export const probeChecks = async (
  built: readonly BuiltProbe[],
  limitMs: number,
  outer?: AbortSignal,
): Promise<Check[]> => {
  const own = new Set(['host', 'process', 'target process']);
  const checks = await Promise.all(
    built.map(async ({ probe, tryOnce }) => {
      const check = own.has(probe.kind) ? undefined : await checkProbe(probe, tryOnce, limitMs, outer);
      await Promise.race([probe.close().catch(() => {}), new SystemClock().sleep(200)]);
      return check;
    }),
  );
  return checks.filter((check) => check !== undefined);
};

const checkProbe = async (probe: Probe, tryOnce: boolean, limitMs: number, outer?: AbortSignal): Promise<Check> => {
  const label = probe.id;
  try {
    const result = await limited(limitMs, outer, (signal) => look(probe, signal));
    if (result !== late) return judgeResult(probe, result);
    return { name: label, level: 'bad', found: `${probe.target}: no answer within ${limitMs / 1000} s` };
  } catch (error) {
    const reason = safeText(errorMessage(error), 200);
    const hint = error instanceof ProbeError ? error.hint : undefined;
    // Nobody asked for it: where there is none, nothing is wrong.
    if (tryOnce) return skipped(label, `${probe.target}: ${reason}`, hint);
    return {
      name: label,
      level: 'bad',
      found: `${probe.target}: ${reason}`,
      ...(hint !== undefined && { todo: hint }),
    };
  }
};

const look = async (probe: Probe, signal: AbortSignal): Promise<ProbeResult> => {
  const first = await probe.read(signal);
  if (probe.kind !== 'mongodb') return first;
  await new SystemClock().sleep(betweenLooksMs);
  return probe.read(signal);
};

/** What a look of a probe means. */
export const judgeResult = (
  { id, kind, target }: Pick<Probe, 'id' | 'kind' | 'target'>,
  result: ProbeResult,
): Check => {
  if (kind === 'health') return healthCheck(id, target, result);
  if (kind === 'mongodb') return mongoCheck(id, target, result);
  return metricsCheck(id, target, result);
};

const levels: Readonly<Record<HealthState, Check['level']>> = {
  ok: 'ok',
  degraded: 'warn',
  down: 'bad',
  unknown: 'warn',
};

const factsOf = ({ values }: ProbeResult): Fact[] => values.filter((value) => value.type === 'fact');

const healthCheck = (name: string, target: string, result: ProbeResult): Check => {
  const facts = factsOf(result);
  const status = facts.find(({ metric }) => metric === 'status');
  const state = status?.state ?? 'unknown';
  const ill = facts.filter((fact) => fact !== status && fact.state !== undefined && fact.state !== 'ok');
  const checks = ill.map(({ label, text }) => `${label} ${text}`).slice(0, 4);
  const code = result.title?.split(' ', 1)[0] ?? '';
  const latency = result.values.find(({ metric }) => metric === 'probe.latency');
  const took = latency?.type === 'value' ? ` in ${formatMs(latency.value)} ms` : '';
  const found = [`${target}: ${status?.text ?? 'no state'}, ${code}${took}`, ...checks].join('; ');
  if (state === 'ok') return { name, level: 'ok', found };
  const todo =
    state === 'unknown'
      ? 'name the health URL with --health URL'
      : 'a load on a target that is not well measures its illness';
  return { name, level: levels[state], found, wanted: 'ok', todo };
};

/** Labels of what is understood, in the order of the panel. */
const metricsCheck = (name: string, target: string, result: ProbeResult): Check => {
  const labels = [...new Set(result.values.map(({ label }) => label))];
  const base = `${target}: ${result.title ?? `${result.values.length} values`}`;
  if (labels.length === 0) {
    const todo = 'the panel stays empty: check that it is the metrics of the target';
    return { name, level: 'warn', found: `${base}, none of them recognised`, todo };
  }
  return { name, level: 'ok', found: `${base}; recognised: ${labels.join(', ')}` };
};

/** Gaps that a later look fills. */
const onlyYet = /^needs a (second reading|first look)|since the last reading$|observed in the last|^not asked yet/;

const mongoCheck = (name: string, target: string, result: ProbeResult): Check => {
  const gaps = result.values.filter((value): value is Gap => value.type === 'gap' && !onlyYet.test(value.reason));
  const shown = result.values.length - factsOf(result).length;
  const found = `${target}: ${result.title ?? 'reached'}; ${shown - gaps.length} of ${shown} figures can be read`;
  if (gaps.length === 0) return { name, level: 'ok', found };
  const byReason = Map.groupBy(gaps, ({ reason }) => reason);
  const missing = [...byReason].map(([reason, list]) => `${list.map(({ label }) => label).join(', ')} (${reason})`);
  const mayNot = gaps.some(({ reason }) => /unauthorized|role|may not/i.test(reason));
  return {
    name,
    level: mayNot ? 'warn' : 'ok',
    found: `${found}; not: ${missing.join('; ')}`,
    ...(mayNot && { todo: 'give the user the role clusterMonitor on admin' }),
  };
};
