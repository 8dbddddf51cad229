import { describe, expect, it } from 'vitest';
import { bandPresets } from '../../source/measure/band-presets.ts';
import { judgeBands } from '../../source/measure/bands.ts';
import { causes } from '../../source/measure/cause.ts';
import { outcomeClasses } from '../../source/measure/outcome.ts';
import { type Summary, summarise } from '../../source/measure/summary.ts';
import { ProbeRemarks } from '../../source/outputs/probe-remarks.ts';
import { summarySentences } from '../../source/outputs/summary-sentences.ts';
import { summaryText } from '../../source/outputs/summary-text.ts';
import { fineRound, fixtureRound } from '../helpers/burst-round.ts';
import { fixtureSummary } from '../helpers/events.ts';
import { brokenSummary, metSummary } from '../helpers/fixture-objectives.ts';

const generator = (patch: Partial<Summary['generator']>): Summary['generator'] => ({
  verdict: 'good',
  valid: true,
  badRatio: 0,
  notSentRatio: 0,
  bad: [],
  warn: [],
  ownLimit: [],
  omitted: { bad: 0, warn: 0, ownLimit: 0 },
  ...patch,
});

const empty = summarise(undefined);

/** A long run with large numbers, hostile texts, every outcome and several steps. */
const large = (): Summary => {
  const base = fixtureSummary();
  const span = {
    count: 1_234_567_890,
    meanMs: 123_456,
    minMs: 0.001,
    p50Ms: 9999.4,
    p90Ms: 59_999,
    p95Ms: 1_000_000,
    p99Ms: 2_147_483,
    p999Ms: 2_147_483,
    maxMs: 2_147_483,
  };
  const spans = { good: span, notGood: span };
  const waits = { pacing: span, room: span, connect: span, sending: span, waiting: span, receiving: span };
  const occurrence = {
    count: 123_456_789,
    shareRatio: 0.0417,
    firstAtMs: 86_400_000,
    lastAtMs: 864_000_000,
    example: `\u001b[31m${'x'.repeat(150)} ${'word '.repeat(50)}`,
  };
  const outcomes = outcomeClasses.map(({ name }) => ({
    outcome: name,
    ...occurrence,
    causes: causes
      .filter((cause) => cause.class === name)
      .map(({ name: cause, fault, meaning }) => ({ cause, fault, meaning, ...occurrence })),
  }));
  const stretches = Array.from({ length: 30 }, (_, index) => ({
    fromMs: index * 10_000_000,
    toMs: index * 10_000_000 + (index % 2 === 0 ? 5000 : 1000),
    reasons: ['a reason of some length that must be folded, since it does not fit', 'and another'],
  }));
  const flows = { due: 1e10, started: 1e10, good: 1e10, notGood: 1e9, noResponse: 1e9 };
  const lost = { dropped: 1e9, notSent: 1e9, cutOff: 1e9, lost: 1e9, inFlight: 1e6, backlog: 1e9 };
  return {
    ...base,
    name: 'a name that goes on and on '.repeat(10),
    target: `https://${'sub.'.repeat(40)}example.com`,
    timeZone: 'America/Argentina/ComodRivadavia',
    endReason: 'an objective was broken and so on '.repeat(8),
    durationMs: 864_000_000,
    completed: 1e10,
    failed: 1e9,
    good: 1e10,
    notGood: 1e9,
    achievedRate: 1_234_567.8,
    bytesIn: 1e15,
    items: [{ name: `\u001b[31mevents of a long name ${'x'.repeat(90)}`, count: 1e12, rate: 1_234_567.8 }],
    response: spans,
    service: spans,
    waits,
    outcomes,
    series: [0, 1, 2].map((index) => ({
      ...base.series[0]!,
      name: `POST /${'long/'.repeat(20)}${index}`,
      response: spans,
    })),
    iterations: { ...flows, ...lost },
    generator: generator({
      verdict: 'bad',
      valid: false,
      badRatio: 0.2,
      notSentRatio: 0.1,
      bad: stretches,
      warn: stretches,
      ownLimit: stretches,
    }),
    warmupMs: 10_000,
    measuredMs: 863_990_000,
    addresses: Array.from({ length: 30 }, (_, index) => ({
      address: `\u001b[2J2001:0db8:85a3:0000:0000:8a2e:0370:73${index}%eth0`,
      requests: 1e10,
      notGood: 1e9,
      shareRatio: 0.0333,
    })),
    rounds: Array.from({ length: 30 }, (_, index) => ({
      ...fixtureRound(),
      round: index,
      size: 1_000_000,
      releasedAt: 864_000_000,
      sendSpreadMs: 123_456,
      totalMs: 123_456,
      good: 1e6,
      notGood: 1e6,
    })),
    objectives: Array.from({ length: 12 }, (_, index) =>
      brokenSummary({
        text: `rate>=${index}${'0'.repeat(20)} over ${'\u001b[2J'.repeat(20)}`,
        metric: 'rate',
        brokenMs: 86_400_000,
        worst: 123_456_789,
        worstAtMs: 864_000_000,
        broken: stretches,
      }),
    ),
    problems: Array.from({ length: 12 }, (_, index) => `problem ${index} ${'and more '.repeat(20)}`),
  };
};

describe('the summary in words', () => {
  it('says of each objective how it went, and when it was broken', () => {
    const unjudged = { verdict: 'not enough data', judgedMs: 0, worst: null, worstAtMs: null } as const;
    const objectives = [brokenSummary(), metSummary({ verdict: 'at risk' }), metSummary(), metSummary(unjudged)];
    const text = summaryText(fixtureSummary({ objectives }));
    expect(/Objectives\n[\s\S]*?\n\n/.exec(text)?.[0]).toMatchInlineSnapshot(`
      "Objectives
                                              worst    at
        p99<300ms over 30s  BROKEN for 1 s   312 ms  0:04
        errors<1%           met, at risk      0.2 %  0:05
        errors<1%           met               0.2 %  0:05
        errors<1%           not judged      no data     -
        from 0:03 to 0:04 p99<300ms over 30s was broken
        errors<1% was not judged: fewer than 20 requests in any 10 s

      "
    `);
    expect(summaryText(fixtureSummary())).not.toContain('Objectives');
  });

  it('reads like this', () => {
    expect(summaryText(fixtureSummary())).toMatchInlineSnapshot(`
      "events
        target   http://127.0.0.1:3000
        load     open model, seed 42
        started  2026-03-01 13:00:00 (Europe/Berlin)
        ended    after 5 s: planned end

        iterations  achieved         700/s  good          692/s
        requests    ended            3,500  rate          700/s
                    good             3,460  not good         40
                    with response    3,500  without           0
        bytes out   total          718 KiB  rate      144 KiB/s
        bytes in    total          615 KiB  rate      123 KiB/s

      Latency
        response: from the intended instant to the end
        service:  from the start of the request to the end
                   good     good  not good  not good
               response  service  response   service
        count     3,460    3,460        40        40
        mean    5.95 ms  5.84 ms    1.3 ms   1.19 ms
        min     2.75 ms   2.7 ms   0.62 ms   0.57 ms
        p50      5.5 ms   5.4 ms   1.16 ms   1.06 ms
        p90     9.57 ms   9.4 ms   2.02 ms   1.85 ms
        p95     10.3 ms  10.1 ms   2.16 ms   1.98 ms
        p99     10.9 ms  10.7 ms   2.32 ms   2.13 ms
        p99.9     11 ms  10.8 ms   2.32 ms   2.13 ms
        max       11 ms  10.8 ms   2.32 ms   2.13 ms

      Waits of a request
                       p50      p99      max  whose
        pacing     0.05 ms   0.1 ms   0.1 ms  ours
        room       0.01 ms  0.02 ms  0.02 ms  the target's
        connect     0.4 ms  0.79 ms   0.8 ms  the network's and the target's
        sending    0.03 ms  0.06 ms  0.06 ms  the network's and the target's
        waiting       5 ms  9.86 ms    10 ms  the target's
        receiving   0.1 ms   0.2 ms   0.2 ms  the target's

      Outcomes of requests
             count   share  first  last  whose
        2xx  3,460  98.9 %   0:00  0:04
        429     40   1.1 %   0:03  0:04  the target's
            too many requests: backpressure; such as: rate limit exceeded

      Iterations  3,500 due; they add up
        good                3,460  not sent              0
        not good               40  lost with a worker    0
          without response      0  in flight at the end  0
        dropped                 0  backlog at the end    0
        cut off                 0

      Generator
        NOT VALID, do not trust these numbers: it was the limit at times (bad in
          20.0 % of the seconds)
        from 0:03 to 0:04 the generator, not the target, was the limit: pacing delay
          p99 84 ms

      Problems
        metrics: connection refused

      Recording  /home/user/.local/state/loadtop/runs/20260301-130000-events.jsonl
      "
    `);
  });

  it.each([
    ['plain', fixtureSummary()],
    ['large', large()],
  ])('is at most 80 columns wide, without spaces at the end of lines: %s', (_, summary) => {
    for (const line of summaryText({ ...summary, recording: null }).split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(80);
      expect(line).toBe(line.trimEnd());
    }
  });

  it('cannot be made to steer the terminal', () => {
    expect(summaryText(large())).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('says in which stretches the generator was the limit, and why', () => {
    const bad = [{ fromMs: 12_000, toMs: 31_000, reasons: ['pacing delay p99 84 ms', 'worker loop 97 % busy'] }];
    const text = summaryText(
      fixtureSummary({ generator: generator({ verdict: 'bad', valid: true, badRatio: 0.03, bad }) }),
    );
    expect(text.replaceAll(/\n +/g, ' ')).toContain(
      'from 0:12 to 0:31 the generator, not the target, was the limit: pacing delay p99 84 ms; worker loop 97 % busy',
    );
    expect(text).not.toContain('NOT VALID');
  });

  it('shows the longest of many stretches in order of time, and counts the others', () => {
    const text = summaryText(large());
    expect(text.match(/the generator, not the target, was the limit/g)).toHaveLength(8);
    expect(text).toContain('and in 22 shorter stretches');
    expect(text).toContain('and 4 more');
  });

  it('says that a run is not valid, and how much was not sent', () => {
    const text = summaryText(fixtureSummary({ generator: generator({ valid: false, notSentRatio: 0.125 }) }));
    expect(text).toContain('NOT VALID, do not trust these numbers: it did not send all that was due');
    expect(text.replaceAll(/\n +/g, ' ')).toContain('12.5 % of what was due was not sent through us');
  });

  it.each([
    [generator({}), 'good: it kept up throughout'],
    [generator({ verdict: 'warn' }), 'near its limit at times'],
    [generator({ bad: [{ fromMs: 0, toMs: 1000, reasons: [] }] }), 'it was the limit at times'],
  ])('says how the generator did: %#', (how, words) => {
    expect(summaryText(fixtureSummary({ generator: how }))).toContain(`Generator\n  ${words}`);
  });

  it('says what to do where our own ceiling was the limit, and whose the room wait then was', () => {
    const ownLimit = [{ fromMs: 5000, toMs: 9000, reasons: [] }];
    const text = summaryText(fixtureSummary({ generator: generator({ ownLimit }) }));
    expect(text).toContain('raise -c or --max-in-flight');
    expect(text).toContain('from 0:05 to 0:09 our own ceiling was the limit');
    expect(text).toMatch(/room .*ours where said below/);
    expect(summaryText(fixtureSummary())).not.toContain('Own limit');
  });

  it('says that the warm-up was left out, and rates bytes over what was left', () => {
    const text = summaryText(fixtureSummary({ warmupMs: 1000, measuredMs: 2000 }));
    expect(text).toContain('warm-up of 1 s left out');
    expect(text).toMatch(/bytes out +total +718 KiB +rate +359 KiB\/s/);
    expect(summaryText(fixtureSummary())).not.toContain('warm-up');
  });

  it('shows the addresses where there was more than one', () => {
    const addresses = [
      { address: '10.0.0.1', requests: 3000, notGood: 0, shareRatio: 0.75 },
      { address: '::1', requests: 1000, notGood: 40, shareRatio: 0.25 },
    ];
    expect(summaryText(fixtureSummary({ addresses }))).toContain(
      [
        'Addresses of the target',
        '            requests   share  not good',
        '  10.0.0.1     3,000  75.0 %         0',
        '  ::1          1,000  25.0 %        40',
      ].join('\n'),
    );
    expect(summaryText(fixtureSummary())).not.toContain('Addresses');
  });

  it('shows how each burst went', () => {
    const round = fixtureRound();
    const text = summaryText(
      fixtureSummary({
        model: 'burst',
        rounds: [round, fineRound({ round: 1, releasedAt: 5000 })],
      }),
    );
    expect(text).toContain(
      [
        '     at once  sent in      p50      p95      max   took   good  errors',
        '  1    1,000  12.2 ms  40.1 ms  71.3 ms  83.9 ms  84 ms    997       3',
        '       429 2, timeout 1',
        '  2    1,000  12.2 ms  40.1 ms  71.3 ms  83.9 ms  84 ms  1,000       0',
      ].join('\n'),
    );
    expect(summaryText(large())).toContain('and 10 more bursts');
  });

  it('counts the stretches that are in no list with those that are not printed', () => {
    const ownLimit = [{ fromMs: 5000, toMs: 9000, reasons: [] }];
    const omitted = { bad: 0, warn: 0, ownLimit: 70 };
    expect(summaryText(fixtureSummary({ generator: generator({ ownLimit, omitted }) }))).toContain(
      'and in 70 shorter stretches',
    );
    const one = { ...omitted, ownLimit: 1 };
    expect(summaryText(fixtureSummary({ generator: generator({ ownLimit, omitted: one }) }))).toMatch(
      /and in 1 shorter stretch$/m,
    );
  });

  it.each(['closed', 'full speed'] as const)('says with the model %s twice that waiting is not seen', (model) => {
    expect(summaryText(fixtureSummary({ model })).match(/closed model: waiting is not seen/g)).toHaveLength(2);
    expect(summaryText(fixtureSummary({ model: 'burst' }))).not.toContain('waiting is not seen');
  });

  it('says at full speed that waiting is not seen', () => {
    expect(summaryText(fixtureSummary({ model: 'full speed' }))).toContain('closed model: waiting is not seen');
    expect(summaryText(fixtureSummary())).not.toContain('closed model');
  });

  it('leaves out the columns of what was not good where all was good', () => {
    const { response, service } = fixtureSummary();
    const text = summaryText(
      fixtureSummary({ response: { ...response, notGood: empty }, service: { ...service, notGood: empty } }),
    );
    expect(text).toMatch(/\n +good +good\n/);
  });

  it('says "no data" where nothing was measured, never zero', () => {
    const none = { good: empty, notGood: empty };
    const text = summaryText(fixtureSummary({ response: none, service: none, outcomes: [] }));
    expect(text).toMatch(/p99 +no data +no data/);
    expect(text).toContain('no request ended');
  });

  it('says when the iterations do not add up', () => {
    const { iterations } = fixtureSummary();
    const text = summaryText(fixtureSummary({ balanced: false, iterations: { ...iterations, due: 3505 } }));
    expect(text).toContain('they do NOT add up: 3,505 due, 3,500 accounted for');
  });

  it('shows each step where there is more than one', () => {
    const [step] = fixtureSummary().series;
    expect(summaryText(fixtureSummary({ series: [step!, { ...step!, name: 'GET /events' }] }))).toMatch(
      /GET \/events +3,460 +40/,
    );
    expect(summaryText(fixtureSummary())).not.toContain('Steps');
  });

  it('says how to remove what is left where a recording has it', () => {
    const counts = { made: 5, removed: 2, cleanedUp: 1, left: 2, unanswered: 0 };
    const resources = { ...counts, example: 'DELETE /1', reason: 'it was skipped' };
    const left = '  5 made, 2 removed by the run, 1 cleaned up, 2 left\n  such as DELETE /1: it was skipped\n';
    const how = '  loadtop cleanup and the recording remove what is left\n';
    expect(summaryText(fixtureSummary({ resources, recording: 'run.jsonl' }))).toContain(left + how);
    const unrecorded = summaryText(fixtureSummary({ resources, recording: null }));
    expect(unrecorded).toContain(left);
    expect(unrecorded).not.toContain('loadtop cleanup');
  });

  it('keeps the path of the recording whole', () => {
    const recording = `/home/${'long/'.repeat(30)}run.jsonl`;
    expect(summaryText(fixtureSummary({ recording })).split('\n')).toContain(recording);
    expect(summaryText(fixtureSummary({ recording: null }))).not.toContain('Recording');
  });

  it('is coloured only when asked, and is otherwise the same text', () => {
    const coloured = summaryText(fixtureSummary(), { colour: true });
    expect(coloured).toContain('\u001B[31m');
    expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(summaryText(fixtureSummary()));
  });
});

it('says what requests held, beside the requests', () => {
  const text = summaryText({ ...fixtureSummary(), items: [{ name: 'events', count: 6049, rate: 1209.8 }] });
  expect(text).toMatch(/^ {2}events +good +6,049 +rate +1,210\/s$/m);
});

it('says in which band the run and each of its figures were, also to who listens', () => {
  const of = (requests: number, offeredRatio: number): Summary => ({
    ...fixtureSummary(),
    bands: judgeBands(bandPresets.agents, {
      ended: 1000,
      notGood: 20,
      classes: new Map(),
      good: { count: 980, meanMs: 20, p50Ms: 20, p95Ms: 1200, p99Ms: 1300, maxMs: 1400 },
      rate: requests,
      requests,
      offeredRatio,
    }),
  });
  expect(summaryText(of(33, 1))).toContain(`
Bands
  agents: needs optimization
  p95       1,200 ms  needs optimization
  errors       2.0 %  acceptable
  requests      33/s  not judged          no more was offered
`);
  const sentences = summarySentences(of(33, 2), new ProbeRemarks());
  expect(sentences).toContain('Bands: agents: needs optimization, needs scaling.');
  expect(summaryText(fixtureSummary())).not.toContain('Bands');
});

it('says how many machines like this one the load takes, where this one was the limit', () => {
  const short = { wantedRate: 100_000, sentRate: 40_000, machines: 3 };
  const text = summaryText({ ...fixtureSummary(), generator: generator({ verdict: 'bad', valid: false, short }) });
  expect(text).toContain(`
  in those seconds it began 40,000/s of 100,000/s wanted: by that the load takes
    about 3 machines like this one
`);
});

describe('the others beside bursts', () => {
  const alone = { good: 200, notGood: 0, p50: 5, p95: 28 };
  const textOf = (good: number, notGood: number, p95Ratio: number): string =>
    summaryText({
      ...fixtureSummary(),
      rounds: [
        fineRound({ beside: { stuck: 0, others: { good, notGood, p50: 5, p95: 28 * p95Ratio, p95Ratio, alone } } }),
      ],
    });

  it('are said to be unhurt where there were enough of them', () => {
    const text = textOf(20, 0, 0.9);
    expect(text).toContain('  p95 of the others stays below 1.5 times that of alone');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('are said to be hurt however few there were', () => {
    expect(textOf(3, 0, 40)).toContain('  p95 of the others is 1.5 times that of alone, or more');
    expect(textOf(3, 1, 0.9)).toContain('  more of the others go wrong than alone');
  });

  it('are not said to be unhurt by a handful of them', () => {
    const text = textOf(8, 0, 0.2);
    expect(text).toContain('  whether bursts hurt the others is not known: fewer than 20 of them ended');
    expect(text).not.toContain('stays below');
  });
});
