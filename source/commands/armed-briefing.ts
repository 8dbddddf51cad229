// What the armed screen says of a run that has not begun: what an empty field stands for, and what else will apply. Pure;
// what stands in the fields is armed-fields.ts.

import { maskPassword, safeText } from '../common/safe-text.ts';
import { formatCount, formatLength, formatRate, formatRateNumber } from '../common/units.ts';
import { burstWords } from '../profile/burst-sizes.ts';
import type { Load, ProbeSettings, Profile, Scenario } from '../profile/profile.ts';
import type { Briefing, BriefingLine, FieldTexts } from '../ui/lobby.ts';
import { lengthText } from './armed-fields.ts';
import { loadWords } from './load-words.ts';
import { stagesOf } from './run-info.ts';
import type { RunSketch } from './sketch-run.ts';

/** Names that are listed; the rest is counted. */
const mostNames = 4;

/** What an empty field stands for. */
export const standIns = ({ profile, plan }: RunSketch): Briefing['standIns'] => {
  const { load } = profile;
  const most = load.model === 'open' || load.model === 'constant' ? 'up to ' : '';
  return {
    rate: load.model === 'burst' ? 'the burst below' : 'the stages below',
    users: 'the stages below',
    spawn: 'all at once',
    duration: endText(profile, plan.durationMs),
    connections: `${most}${formatCount(plan.connections)}`,
  };
};

const endText = ({ limit, load }: Profile, durationMs: number | undefined): string => {
  const count = limit === undefined ? undefined : `${formatCount(limit)} iterations`;
  const rounds = load.model === 'burst' && durationMs === undefined ? 'the last round' : undefined;
  const ends = [durationMs === undefined ? undefined : lengthText(durationMs), count, rounds].filter(
    (end) => end !== undefined,
  );
  return ends.length === 0 ? 'until stopped' : ends.join(', or ');
};

/** What applies beside the fields, the most important first. @param recording where runs are recorded */
export const briefingLines = (
  sketch: RunSketch,
  texts: FieldTexts,
  { recording, out }: { readonly recording: string; readonly out: string | undefined },
): BriefingLine[] => {
  const { profile, plan } = sketch;
  const { rate, users, load: model } = texts;
  const typed = (model === 'users' ? users : rate).trim() !== '';
  return [
    { label: 'sends', text: requestText(profile) },
    { label: 'load', text: loadText(profile.load, typed) },
    { label: 'ends', text: `after ${endText(profile, plan.durationMs)}`.replace('after until', 'not until') },
    { label: 'limits', text: limitText(sketch) },
    ...plan.notes.map((note) => ({ label: 'note', text: note, warn: true })),
    { label: 'probes', text: probeText(profile.probes) },
    { label: 'recording', text: recording },
    ...(out === undefined ? [] : [{ label: 'summary', text: out }]),
  ];
};

/** `GET /health`; of a profile its name and scenarios: `events: single 3, batch 1`. */
const requestText = ({ name, scenarios }: Profile): string => {
  const [first] = scenarios;
  const steps = first?.steps ?? [];
  if (scenarios.length === 1 && steps.length === 1 && first?.name === 'url') return stepText(steps[0]!);
  const used = scenarios.filter(({ weight }) => weight > 0);
  const named = used
    .slice(0, mostNames)
    .map((scenario) => scenarioText(scenario, used.filter(({ own }) => !own).length > 1));
  const more = used.length > mostNames ? [`${used.length - mostNames} more`] : [];
  return safeText(`profile ${name}: ${[...named, ...more].join(', ')}`, 400);
};

const stepText = ({ method, path, body }: Scenario['steps'][number]): string => {
  const bytes = body === undefined ? 0 : typeof body === 'string' ? new TextEncoder().encode(body).length : body.length;
  return safeText(`${method} ${path}${bytes > 0 ? ` with a body of ${formatCount(bytes)} bytes` : ''}`, 400);
};

/** `login (3 steps)`, with its weight where there are others, `single ×3`, or with the load of its own. */
const scenarioText = ({ name, weight, own, steps }: Scenario, weighted: boolean): string => {
  const count = steps.length > 1 ? ` (${steps.length} steps)` : '';
  if (own) return `${name}${count} beside at ${loadWords(own.load)}`;
  return `${name}${weighted ? ` ×${weight}` : ''}${count}`;
};

/** The load in words. @param typed the field says it, and not a profile's or a flag's stages */
const loadText = (load: Load, typed: boolean): string => {
  switch (load.model) {
    case 'constant':
      return `${formatRate(load.rate)}, whether the target answers or not (open model)`;
    case 'open':
      return `${stageTexts(load)}${typed ? '' : '; a rate typed above replaces them'}`;
    case 'closed': {
      const spawn = Number.isFinite(load.spawnRate)
        ? `, ${formatRateNumber(load.spawnRate)} more each second`
        : ', all begin at once';
      const stages = stageTexts(load);
      const most = typeof load.users === 'number' ? `${formatCount(load.users)} users` : stages;
      return `${most}${spawn} (closed model: waiting is not seen)${stages === '' ? '' : '; users typed above replace them'}`;
    }
    case 'full speed':
      return 'every connection busy all the time (closed model: waiting is not seen)';
    case 'burst':
      return `${burstWords(load.sizes)}, each at once; a rate typed above replaces it`;
  }
};

/** The load of a run in a word or two: `50/s`, `200 users`. */
export const shortLoad = ({ load }: Pick<Profile, 'load'>): string => {
  switch (load.model) {
    case 'constant':
      return formatRate(load.rate);
    case 'closed':
      return typeof load.users === 'number' ? `${formatCount(load.users)} users` : 'stages of users';
    case 'burst':
      return burstWords(load.sizes);
    case 'open':
      return 'stages';
    case 'full speed':
      return 'full speed';
  }
};

/** `30s to 500/s, 2m to 500/s`. */
const stageTexts = (load: Load): string => {
  const stages = stagesOf({ load });
  const amount = load.model === 'closed' ? (rate: number) => `${formatCount(rate)} users` : formatRate;
  const shown = stages.slice(0, mostNames).map(({ lengthMs, rate }) => `${lengthText(lengthMs)} to ${amount(rate)}`);
  return [...shown, ...(stages.length > mostNames ? [`${stages.length - mostNames} more stages`] : [])].join(', ');
};

const limitText = ({ profile, plan }: RunSketch): string =>
  [
    `timeout ${lengthText(profile.timeoutMs)}`,
    `${formatCount(plan.maxInFlight)} in flight`,
    `${formatCount(plan.workers)} ${plan.workers === 1 ? 'worker' : 'workers'}`,
    ...(profile.warmupMs > 0 ? [`warm-up ${formatLength(profile.warmupMs)}`] : []),
    ...(profile.maxRate === undefined ? [] : [`never above ${formatRate(profile.maxRate)}`]),
  ].join(', ');

/** What will be asked of the target; its well-known paths are only where it is near, which its name does not tell. */
const probeText = ({ health, metrics, mongo, enabled }: ProbeSettings): string => {
  if (!enabled) return 'none of the target: --no-probe';
  const named = (kind: string, urls: readonly string[]): string[] =>
    urls.length === 0 ? [] : [`${kind} ${urls.map((url) => safeText(maskPassword(url), 120)).join(', ')}`];
  const tried = [...(health ? [] : ['/health']), ...(metrics ? [] : ['/metrics'])];
  const asked = [
    ...named('health', health?.map(({ url }) => url) ?? []),
    ...named('metrics', metrics?.map(({ url }) => url) ?? []),
    ...named(
      'mongodb',
      mongo.map(({ uri }) => uri),
    ),
    ...(tried.length > 0 ? [`${tried.join(' and ')} of a target nearby, once`] : []),
  ];
  return asked.join('; ') || 'none';
};
