import { describe, expect, it } from 'vitest';
import { Plain } from '../../source/outputs/plain.ts';
import { ProbeRemarks } from '../../source/outputs/probe-remarks.ts';
import { summaryText } from '../../source/outputs/summary-text.ts';
import { painter } from '../../source/outputs/text-layout.ts';
import type { Level, ProbeValue } from '../../source/probes/probe.ts';
import type { EventBody } from '../../source/session/events.ts';
import { fixturePlan, fixtureRun, fixtureRunInfo, numbered } from '../helpers/events.ts';
import { fixtureSummary } from '../helpers/fixture-summary.ts';

const queue = (value: number, level?: Level): ProbeValue => ({
  type: 'value',
  metric: 'queue',
  label: 'lock queue',
  kind: 'gauge',
  unit: 'count',
  value,
  rank: 0,
  ...(level && { level }),
});

type At = readonly [number, EventBody];

const read = (second: number, value: ProbeValue, probe = 'mongodb'): At => [
  second * 1000,
  { type: 'probe/read', probe, tookMs: 1, title: undefined, values: [value] },
];

const noticed = (second: number, what: 'restart' | 'silence', level: 'info' | 'warn' = 'warn'): At => [
  second * 1000,
  { type: 'probe/noticed', probe: 'mongodb', what, level, text: 'restarted' },
];

const remarksOf = (...events: readonly At[]): ProbeRemarks => {
  const remarks = new ProbeRemarks();
  for (const event of numbered(events)) remarks.take(event);
  return remarks;
};
const linesOf = (...events: readonly At[]): string[] => remarksOf(...events).lines(painter(false));

describe('the summary of what probes said', () => {
  it('tells the worst that a health was, and from when to when', () => {
    const health = (state: 'ok' | 'degraded' | 'down', text: string): ProbeValue => ({
      type: 'fact',
      metric: 'status',
      label: 'status',
      text,
      state,
      rank: 0,
    });
    expect(
      linesOf(
        read(1, health('ok', 'ok'), 'health'),
        read(3, health('degraded', 'degraded'), 'health'),
        read(4, health('down', 'down: 503 unavailable'), 'health'),
        read(9, health('degraded', 'degraded: slow'), 'health'),
        read(10, health('ok', 'ok'), 'health'),
        read(2, health('down', 'down'), 'health 2'),
      ),
    ).toEqual(['Probes', '  health: down: 503 unavailable, between 0:03 and 0:09', '  health 2: down, at 0:02']);
  });

  it('calls instances what the screen calls them', () => {
    const [first] = fixtureRunInfo().probes;
    const probes = [3001, 3002].map((port, index) => ({
      ...first!,
      kind: 'health' as const,
      id: index === 0 ? 'health' : 'health 2',
      target: `http://localhost:${port}/health`,
    }));
    const run = fixtureRunInfo({ probes });
    const opened: At = [0, { type: 'run/opened', run, plan: fixturePlan, endsAt: null }];
    const silent: EventBody = { type: 'probe/noticed', probe: 'health 2', what: 'silence', level: 'warn', text: '' };
    expect(linesOf(opened, read(1, queue(412, 'bad'), 'health 2'), [2000, silent])).toEqual([
      'Probes',
      '  health :3002 fell silent at 0:02',
      '  health :3002: lock queue 412, bad in one answer at 0:01',
    ]);
  });

  it('is nothing where all was well', () => {
    expect(linesOf(read(1, queue(0, 'ok')), read(2, queue(900)))).toEqual([]);
    expect(summaryText(fixtureSummary(), { probes: remarksOf() })).toBe(summaryText(fixtureSummary()));
  });

  it('is the worst of each reading that was worth a look, with its time and how often', () => {
    expect(linesOf(read(61, queue(12, 'warn')))).toEqual([
      'Probes',
      '  mongodb: lock queue 12, worth a look in one answer at 1:01',
    ]);
    const all = [
      read(61, queue(900, 'warn')),
      read(62, queue(412, 'bad')),
      read(63, queue(400, 'bad')),
      read(64, queue(0)),
    ];
    expect(linesOf(...all)).toEqual(['Probes', '  mongodb: lock queue 412, bad in 2 answers, the worst at 1:02']);
  });

  it('names restarts and silences, but not what was never there', () => {
    expect(linesOf(noticed(61, 'restart'), noticed(90, 'restart'), noticed(70, 'silence'))).toEqual([
      'Probes',
      '  mongodb was restarted 2 times, first at 1:01',
      '  mongodb fell silent at 1:10',
    ]);
    expect(linesOf(noticed(1, 'silence', 'info'))).toEqual([]);
  });

  it('leaves this process to the verdict on the generator', () => {
    const probes = [{ id: 'process', kind: 'process', target: 'this process', unasked: true }] as const;
    const plan = { revision: 0, segments: [] };
    const opened: At = [0, { type: 'run/opened', run: { ...fixtureRunInfo(), probes }, plan, endsAt: null }];
    expect(linesOf(opened, read(1, queue(9, 'bad'), 'process'))).toEqual([]);
  });

  it('is bounded, and stands in the printed summary', () => {
    const many = Array.from({ length: 14 }, (_, index) => read(1, queue(1, 'bad'), `m${index}`));
    expect(linesOf(...many)).toHaveLength(12);
    expect(linesOf(...many).at(-1)).toBe('  and 4 more');
    const text = summaryText(fixtureSummary(), { probes: remarksOf(read(61, queue(412, 'bad'))) });
    expect(text).toMatch(/\n\nProbes\n {2}mongodb: lock queue 412, bad in one answer at 1:01\n\nGenerator\n/);
  });
});

describe('plain lines', () => {
  const plainOf = (...events: readonly At[]): string[] => {
    let text = '';
    const plain = new Plain((more) => {
      text += more;
    });
    for (const event of numbered(events)) plain.take(event);
    return text.split('\n').slice(0, -1);
  };

  it('say once that something is bad, and again only when it was well for a while', () => {
    const bad = [10, 11, 12, 40, 41].map((second) => read(second, queue(412, 'bad')));
    expect(plainOf(...bad)).toEqual(['  0:10  probe: bad: mongodb: lock queue 412']);
    expect(plainOf(...bad, read(200, queue(500, 'bad')))).toHaveLength(2);
    expect(plainOf(read(10, queue(5, 'warn')))).toEqual([]);
  });

  it('say a silence once', () => {
    const lines = plainOf(...fixtureRun().map(({ at, sequence: _, ...body }): At => [at, body as EventBody]));
    expect(lines.filter((line) => /metrics cannot be read/.test(line))).toHaveLength(1);
  });
});
