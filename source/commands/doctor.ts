// loadtop doctor: looks at this machine, the target and its probes before a load, within five seconds, and says what would
// be in its way. Sends no load: HEAD, one step of it that changes nothing or was marked for it, and one look of each probe.

import { monotonicNow, SystemClock } from '../common/clock.ts';
import { type ExitCode, exitCodes } from '../common/errors.ts';
import { formatCount, formatLoad } from '../common/units.ts';
import type { Check } from '../preflight/check.ts';
import type { LoadFigures } from '../preflight/load-figures.ts';
import {
  clockCheck,
  coresCheck,
  descriptorCheck,
  nodeCheck,
  type PortUse,
  portCheck,
  reuseCheck,
} from '../preflight/machine-checks.ts';
import { type ClockWatch, type MachineFacts, readMachineFacts, watchClock } from '../preflight/machine-facts.ts';
import { bandwidthCheck, cpuCheck, memoryCheck, newConnectionCheck } from '../preflight/size-checks.ts';
import { terminalCheck } from '../preflight/terminal-checks.ts';
import { burstWords } from '../profile/burst-sizes.ts';
import { completeProfile } from '../profile/defaults.ts';
import { profileFromUrl } from '../profile/from-url.ts';
import type { Profile } from '../profile/profile.ts';
import { deadline, lookAtTarget, type TargetLook } from './doctor-checks.ts';
import { lookAtLoad, worstChecks } from './doctor-loads.ts';
import { type DoctorReport, doctorJson, doctorText } from './doctor-text.ts';
import { effectivePhases, effectiveProfile, withFlags } from './effective-profile.ts';
import type { FlagValues } from './flag-values.ts';
import { firstPath, routeOf, stepsToSend } from './load-figures.ts';
import { coreCount, descriptorLimit, programVersion } from './machine.ts';
import type { RunPlan } from './plan-run.ts';
import { highestOf } from './plan-segments.ts';
import { noData, prepareEach } from './prepare-data.ts';
import { probeTargets } from './probe-targets.ts';
import type { Invocation } from './read-arguments.ts';
import type { Io } from './terminal.ts';
import { transportOf } from './transport.ts';

/** All looks are over by then, ms: five seconds with the start of the program and the closing of sockets. */
const limitMs = 4200;

type DoctorInvocation = Extract<Invocation, { command: 'doctor' }>;

/**
 * Checks, prints, and says by the exit code whether anything is bad.
 * @throws UserError for a profile or flags that a run would refuse as well
 */
export const doctor = async ({ subject, values }: DoctorInvocation, io: Io): Promise<ExitCode> => {
  const begunAt = monotonicNow();
  const profile = subject
    ? await effectiveProfile({ subject, values }, { environment: io.env, look: true })
    : machineProfile(values);
  const phases = subject ? await effectivePhases({ subject, values }, { environment: io.env, look: true }) : [profile];
  const version = programVersion();
  const all = [profile, ...phases];
  const data = await prepareEach(all, { env: io.env, tell: (text) => io.stderr.write(`${text}\n`) });
  // What is sent and how is that of all phases together, what it takes is that of each.
  const [whole, ...loads] = all.map((each, index) => lookAtLoad(each, data[index] ?? noData, version));
  const { compiled, plan } = whole!;
  const transport = transportOf(profile, plan.perConnection);
  const route = routeOf(profile, transport, version);
  const { signal, end } = deadline(limitMs);
  const steps = stepsToSend(profile, compiled);
  const targets = probeTargets(profile, transport);
  const options = { profile, transport, targets, route, path: firstPath(compiled), steps, ...agreed(values) };
  const [watch, look] = await Promise.all([
    watchClock(new SystemClock()),
    subject ? lookAtTarget(options, signal) : undefined,
  ]);
  end();
  const facts = readMachineFacts();
  const figuresAt = (index: number): LoadFigures => {
    const { figures } = loads[index]!;
    return { ...figures, keepAlive: figures.keepAlive && !look?.closes };
  };
  const use = look?.use ?? { addresses: 1, loopback: false };
  const isSized = subject !== undefined || speaksOfLoad(values);
  const report: DoctorReport = {
    subject: subject && `${profile.origin}, ${loads.length > 1 ? `${loads.length} phases` : loadText(profile, plan)}`,
    version,
    groups: [
      [
        'machine',
        worstChecks(loads, (index) => machineChecks(facts, watch, use, figuresAt(index), [terminalOf(values, io)])),
      ],
      ...targetGroups(look),
      [
        'load',
        worstChecks(isSized ? loads : [], (index) => sizeChecks(facts, use, figuresAt(index), loads[index]!.makingUs)),
      ],
    ],
    tookMs: monotonicNow() - begunAt,
  };
  print(report, values, io);
  const bad = report.groups.some(([, checks]) => checks.some(({ level }) => level === 'bad'));
  return bad ? exitCodes.failed : exitCodes.fine;
};

const agreed = ({ yes, checkHealth }: FlagValues) => ({ yes, checkHealth });

/** The load that flags alone describe, for a machine that is checked without a target. */
const machineProfile = (values: FlagValues): Profile =>
  completeProfile(withFlags({ ...profileFromUrl('http://localhost/'), name: 'this machine' }, values));

const speaksOfLoad = ({ rate, stages, users, burst, connections }: FlagValues): boolean =>
  [rate, stages, users, burst, connections].some((value) => value !== undefined);

const loadText = ({ load }: Profile, plan: RunPlan): string => {
  const connections = `${plan.model === 'open' ? 'up to ' : ''}${formatCount(plan.connections)} connections`;
  if (load.model === 'full speed') return `full speed on ${connections}`;
  if (load.model === 'burst') return burstWords(load.sizes);
  return `${formatLoad(plan.model, highestOf(plan.segments))} on ${connections}`;
};

const targetGroups = (look: TargetLook | undefined): DoctorReport['groups'] =>
  look
    ? [
        ['target', look.target],
        ['probes', look.probes],
      ]
    : [];

const machineChecks = (
  facts: MachineFacts,
  watch: ClockWatch,
  use: PortUse,
  figures: LoadFigures,
  others: readonly Check[],
): Check[] => [
  nodeCheck(process.versions.node),
  coresCheck(coreCount(), figures),
  descriptorCheck(descriptorLimit(), figures),
  portCheck(facts, use, figures),
  reuseCheck(facts, use, figures),
  clockCheck(watch),
  ...others,
];

const sizeChecks = (facts: MachineFacts, use: PortUse, figures: LoadFigures, makingUs: number): Check[] =>
  [
    cpuCheck(coreCount(), figures, makingUs),
    memoryCheck(facts, figures),
    bandwidthCheck(facts, use, figures),
    newConnectionCheck(facts, use, figures),
  ].filter((check) => check !== undefined);

const terminalOf = ({ tui, json, color, ascii }: FlagValues, { stdin, stdout, env }: Io): Check =>
  terminalCheck({
    isTerminal: stdin.isTTY === true && stdout.isTTY === true,
    columns: stdout.columns,
    rows: stdout.rows,
    colourBits: stdout.isTTY ? stdout.getColorDepth({ ...env }) : 1,
    env,
    wantsScreen: tui && !json,
    wantsColour: color,
    ascii,
  });

const print = (report: DoctorReport, { json, color, ascii }: FlagValues, { stdout, env }: Io): void => {
  if (json) {
    stdout.write(doctorJson(report));
    return;
  }
  const colour = color && !env.NO_COLOR && env.TERM !== 'dumb';
  const terminal = stdout.isTTY ? { columns: stdout.columns, colour } : undefined;
  stdout.write(doctorText(report, { terminal, ascii }));
};
