// Polls as a run does, without one: every probe of loadtop, its samplers, and the fold of what they say, in a process of its
// own whose CPU time and memory are theirs alone. Arguments: how (`each second`, `idle`, or a number of looks as fast as they
// go), the origin of the instance, a MongoDB URI, and for how many seconds. Prints a line when it begins and, for looks, the
// heap after each tenth of them, in bytes. Ends with 1 where a look failed.

import { SystemClock } from '../../source/common/clock.ts';
import { buildProbes } from '../../source/probes/index.ts';
import { type ProbeSample, Sampler } from '../../source/probes/sampler.ts';
import type { EventBody } from '../../source/session/events.ts';
import { beginning, reduce } from '../../source/session/reduce.ts';
import { endWithParent } from './end-with-parent.ts';
import { fixtureRunInfo } from './events.ts';

const [how = 'idle', origin = '', mongo = '', seconds = '60'] = process.argv.slice(2);

const access = {
  headers: [],
  tls: { verify: true, ca: undefined, cert: undefined, key: undefined },
  via: undefined,
};
const pace = { periodMs: undefined, timeoutMs: undefined };
const built = buildProbes(
  {
    health: [{ url: `${origin}/health`, access, ...pace }],
    metrics: [{ url: `${origin}/metrics`, access, ...pace }],
    mongo: mongo === '' ? [] : [{ uri: mongo, ...pace }],
    wellKnown: access,
    pins: ['jobs_*'],
    enabled: true,
  },
  { origin, local: true, version: '0.0.0' },
);

let folded = beginning();
let sequence = 0;
let failures = 0;
const write = (at: number, body: EventBody): void => {
  folded = reduce(folded, { sequence, at, ...body });
  sequence += 1;
};
const probes = built.map(({ probe }) => ({ id: probe.id, kind: probe.kind, target: probe.target, unasked: false }));
write(0, {
  type: 'run/opened',
  run: { ...fixtureRunInfo(), probes },
  plan: { revision: 0, segments: [] },
  endsAt: null,
});

const take = (at: number, { probe, tookMs, result, failure }: ProbeSample): void => {
  if (result) write(at, { type: 'probe/read', probe, tookMs, title: result.title, values: result.values });
  else if (failure) {
    failures += 1;
    write(at, { type: 'probe/failed', probe, tookMs, ...failure });
  }
};

const collect = (globalThis as { gc?: () => void }).gc;

const pollFast = async (looks: number): Promise<void> => {
  for (let look = 0; look < looks; look += 1) {
    const samples = await Promise.all(
      built.map(async ({ probe }): Promise<ProbeSample> => {
        const result = await probe.read(AbortSignal.timeout(10_000));
        return { probe: probe.id, at: look * 1000, tookMs: 1, result };
      }),
    );
    for (const sample of samples) take(look * 1000, sample);
    if ((look + 1) % (looks / 10) === 0) {
      collect?.();
      process.stdout.write(`${JSON.stringify({ look: look + 1, heapBytes: process.memoryUsage().heapUsed })}\n`);
    }
  }
  await Promise.all(built.map(({ probe }) => probe.close()));
  process.stdout.write(`${JSON.stringify({ done: true, failures, probes: folded.state.probes.length })}\n`);
  process.exit(0);
};

process.stdout.write('begun\n');
if (how === 'each second') {
  const clock = new SystemClock();
  for (const { probe } of built) new Sampler({ probe, clock, tell: (sample) => take(clock.now(), sample) }).start();
} else if (how !== 'idle') await pollFast(Number(how));
setTimeout(() => process.exit(failures > 0 ? 1 : 0), Number(seconds) * 1000);
endWithParent();
