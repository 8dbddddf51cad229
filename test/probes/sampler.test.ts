// When a probe is asked, on a clock that the test moves.
import { expect, test } from 'vitest';
import type { Cancel, Clock } from '../../source/common/clock.ts';
import { type Probe, ProbeError, type ProbeResult } from '../../source/probes/probe.ts';
import { type ProbeSample, Sampler, type SamplerOptions } from '../../source/probes/sampler.ts';

/** A clock that only moves when told to. */
class HandClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ at: number; every: number | undefined; run: () => void }>();

  get waiting(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  every(ms: number, run: () => void): Cancel {
    return this.#add({ at: this.#now + ms, every: ms, run });
  }

  after(ms: number, run: () => void): Cancel {
    return this.#add({ at: this.#now + ms, every: undefined, run });
  }

  #add(timer: { at: number; every: number | undefined; run: () => void }): Cancel {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves in steps of 100 ms and lets promises settle in between. */
  async move(ms: number): Promise<void> {
    await settle();
    for (let moved = 0; moved < ms; moved += 100) {
      this.#now += 100;
      for (const timer of this.#timers) {
        if (timer.at > this.#now) continue;
        if (timer.every === undefined) this.#timers.delete(timer);
        else timer.at += timer.every;
        timer.run();
      }
      await settle();
    }
  }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

const answer: ProbeResult = { values: [], title: 'fine' };

class FakeProbe implements Probe {
  readonly id = 'fake';
  readonly kind = 'health';
  readonly target = 'nowhere';
  readonly askedAt: number[] = [];
  closed = 0;
  signal: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #answer: (signal: AbortSignal) => Promise<ProbeResult>;

  constructor(clock: Clock, reply: (signal: AbortSignal) => Promise<ProbeResult>) {
    this.#clock = clock;
    this.#answer = reply;
  }

  read(signal: AbortSignal): Promise<ProbeResult> {
    this.askedAt.push(this.#clock.now());
    this.signal = signal;
    return this.#answer(signal);
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}

const set = (
  reply: (signal: AbortSignal) => Promise<ProbeResult>,
  tryOnce = false,
  own: Pick<SamplerOptions, 'periodMs' | 'timeoutMs' | 'tolerance'> = {},
) => {
  const clock = new HandClock();
  const probe = new FakeProbe(clock, reply);
  const samples: ProbeSample[] = [];
  const sampler = new Sampler({ probe, clock, tell: (sample) => samples.push(sample), tryOnce, ...own });
  sampler.start();
  return { clock, probe, samples, sampler };
};

const untilAborted = (signal: AbortSignal): Promise<ProbeResult> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });

test('asks at once and then every second', async () => {
  const { clock, probe, samples, sampler } = set(async () => answer);
  await clock.move(3000);
  expect(probe.askedAt).toEqual([0, 1000, 2000, 3000]);
  expect(samples[1]).toEqual({ probe: 'fake', at: 1000, tookMs: 0, result: answer });
  await sampler.close();
});

test('a failure is told with its reason and hint, cleaned, and the asking slows to every five seconds', async () => {
  const { clock, probe, samples, sampler } = set(() => Promise.reject(new ProbeError('no\u001b[31m luck', 'try X')));
  await clock.move(20_000);
  expect(probe.askedAt).toEqual([0, 1000, 2000, 3000, 5000, 9000, 14_000, 19_000]);
  expect(samples[0]?.failure).toEqual({ reason: 'no [31m luck', hint: 'try X', tolerated: false });
  await sampler.close();
});

test('an answer ends the slowing', async () => {
  let calls = 0;
  const { clock, probe, sampler } = set(() => {
    calls += 1;
    return calls <= 5 ? Promise.reject(new Error('x')) : Promise.resolve(answer);
  });
  await clock.move(11_000);
  expect(probe.askedAt).toEqual([0, 1000, 2000, 3000, 5000, 9000, 10_000, 11_000]);
  await sampler.close();
});

test('a read that throws at once is a failure like any other', async () => {
  const { clock, samples, sampler } = set(() => {
    throw new TypeError('bug');
  });
  await clock.move(100);
  expect(samples.map((sample) => sample.failure?.reason)).toEqual(['bug']);
  await sampler.close();
});

test('after two seconds the read is cut off and told once', async () => {
  const { clock, probe, samples, sampler } = set(untilAborted);
  await clock.move(2500);
  expect(probe.askedAt).toEqual([0]);
  expect(probe.signal?.aborted).toBe(true);
  expect(samples).toEqual([
    {
      probe: 'fake',
      at: 2000,
      tookMs: 2000,
      failure: { reason: 'no answer within 2 s', hint: undefined, tolerated: false },
    },
  ]);
  await clock.move(1000);
  expect(probe.askedAt).toHaveLength(2);
  await sampler.close();
});

test('a probe that ignores its signal is not asked again while it is busy, and its late answer is dropped', async () => {
  let release: (result: ProbeResult) => void = () => {};
  const { clock, probe, samples, sampler } = set(
    () =>
      new Promise((resolve) => {
        release = resolve;
      }),
  );
  await clock.move(6000);
  expect(probe.askedAt).toEqual([0]);
  release(answer);
  await clock.move(1000);
  expect(probe.askedAt).toEqual([0, 7000]);
  expect(samples).toHaveLength(1);
  await sampler.close();
});

test('a probe nobody asked for is given up after its first failure, and closed', async () => {
  const { clock, probe, samples } = set(() => Promise.reject(new ProbeError('not found (404)')), true);
  await clock.move(10_000);
  expect(probe.askedAt).toEqual([0]);
  expect(samples).toHaveLength(1);
  expect(probe.closed).toBe(1);
  expect(clock.waiting).toBe(0);
});

test('a probe nobody asked for that has answered once is kept', async () => {
  let calls = 0;
  const { clock, probe, sampler } = set(() => {
    calls += 1;
    return calls === 1 ? Promise.resolve(answer) : Promise.reject(new Error('down'));
  }, true);
  await clock.move(3000);
  expect(probe.askedAt).toEqual([0, 1000, 2000, 3000]);
  await sampler.close();
});

test('closing cuts off the read under way, tells nothing more and leaves no timer', async () => {
  const { clock, probe, samples, sampler } = set(untilAborted);
  await clock.move(500);
  await sampler.close();
  await sampler.close();
  await clock.move(5000);
  expect(probe.signal?.aborted).toBe(true);
  expect(probe.closed).toBe(1);
  expect(samples).toEqual([]);
  expect(clock.waiting).toBe(0);
});

test('a probe that never finishes closing holds up nobody for more than a second', async () => {
  const { clock, probe, sampler } = set(async () => answer);
  probe.close = () => new Promise(() => {});
  let closed = false;
  const closing = sampler.close().then(() => {
    closed = true;
  });
  await clock.move(900);
  expect(closed).toBe(false);
  await clock.move(200);
  await closing;
  expect(closed).toBe(true);
});

const reasons = (samples: readonly ProbeSample[]): (string | undefined)[] =>
  samples.map(({ failure }) => failure && `${failure.tolerated ? 'gap' : 'silent'}: ${failure.reason}`);

/** Answers as the list says, the last of it for ever. */
const scripted = (...list: readonly ('answer' | 'error' | 'silence')[]) => {
  let turn = 0;
  return (signal: AbortSignal): Promise<ProbeResult> => {
    const what = list[Math.min(turn, list.length - 1)];
    turn += 1;
    if (what === 'answer') return Promise.resolve(answer);
    return what === 'error' ? Promise.reject(new ProbeError('refused')) : untilAborted(signal);
  };
};

test('asks in a period and with a timeout of its own', async () => {
  const { clock, probe, samples, sampler } = set(scripted('answer', 'silence'), false, {
    periodMs: 5000,
    timeoutMs: 300,
  });
  await clock.move(10_500);
  expect(probe.askedAt).toEqual([0, 5000, 10_000]);
  expect(samples.map(({ at }) => at)).toEqual([0, 5300, 10_300]);
  expect(samples[1]?.failure?.reason).toBe('no answer within 0.3 s');
  await sampler.close();
});

test('the first failure after an answer is a gap, the second a silence; an answer begins the count anew', async () => {
  const { clock, samples, sampler } = set(scripted('answer', 'error', 'answer', 'error', 'error', 'error'));
  await clock.move(5000);
  expect(reasons(samples)).toEqual([
    undefined,
    'gap: refused',
    undefined,
    'gap: refused',
    'silent: refused',
    'silent: refused',
  ]);
  await sampler.close();
});

test('a probe that never answered is silent at once, and a tolerance of its own is kept', async () => {
  const never = set(scripted('error'));
  await never.clock.move(1000);
  expect(reasons(never.samples)).toEqual(['silent: refused', 'silent: refused']);
  await never.sampler.close();
  const patient = set(scripted('answer', 'error'), false, { tolerance: 2 });
  await patient.clock.move(3000);
  expect(reasons(patient.samples)).toEqual([undefined, 'gap: refused', 'gap: refused', 'silent: refused']);
  await patient.sampler.close();
  const strict = set(scripted('answer', 'error'), false, { tolerance: 0 });
  await strict.clock.move(1000);
  expect(reasons(strict.samples)).toEqual([undefined, 'silent: refused']);
  await strict.sampler.close();
});

test('what stays without an answer says for how long, counted from the first question', async () => {
  const { clock, samples, sampler } = set(scripted('silence'));
  await clock.move(12_000);
  expect(reasons(samples)).toEqual([
    'silent: no answer within 2 s',
    'silent: no answer for 5 s',
    'silent: no answer for 8 s',
    'silent: no answer for 11 s',
  ]);
  await sampler.close();
});

test('another failure in between begins the silence anew', async () => {
  const { clock, samples, sampler } = set(scripted('silence', 'silence', 'error', 'silence'));
  await clock.move(14_000);
  expect(reasons(samples).slice(0, 4)).toEqual([
    'silent: no answer within 2 s',
    'silent: no answer for 5 s',
    'silent: refused',
    'silent: no answer within 2 s',
  ]);
  await sampler.close();
});
