// Phases side by side: as a table of 80 columns, as sentences, and as the last object for programs.

import { describe, expect, it } from 'vitest';
import { type PhasesSummary, summarisePhases } from '../../source/measure/phases-summary.ts';
import { phasesObject, phasesSentences, phasesTable } from '../../source/outputs/phases-text.ts';
import { brokenSummary } from '../helpers/fixture-objectives.ts';
import { fixtureSummary } from '../helpers/fixture-summary.ts';

const place = (number: number, name: string, load: string) => ({ phase: { name, number, count: 3, load } });
const { generator } = fixtureSummary();
const validate = fixtureSummary({
  ...place(1, 'validate', '1,000/s'),
  endReason: 'the planned end',
  generator: { ...generator, valid: true },
});
const stress = fixtureSummary({
  ...place(2, 'stress\u001b[31m', 'up to 4,000/s'),
  endReason: 'errors>10% over 10s: 12.5 %',
  objectives: [brokenSummary()],
  generator: { ...generator, valid: false },
});
const names = ['validate', 'stress\u001b[31m', 'recover'];
const all = (cut?: string): PhasesSummary => summarisePhases([validate, stress], names, cut);

describe('the phases of a profile', () => {
  it('are summed up where that means something', () => {
    const { completed, failed, good, notGood, durationMs, notRun, phases, ...rest } = all();
    expect([completed, failed, good, notGood, durationMs]).toEqual(
      (['completed', 'failed', 'good', 'notGood', 'durationMs'] as const).map((key) => validate[key] + stress[key]),
    );
    expect([notRun, phases.length]).toEqual([['recover'], 2]);
    expect(rest).toEqual({
      name: validate.name,
      target: validate.target,
      startedAt: validate.startedAt,
      timeZone: validate.timeZone,
      endReason: `ended in phase 2 of 3: ${names[1]}: errors>10% over 10s: 12.5 %`,
    });
  });

  it('say why they were cut short', () => {
    expect(all('stopped by key before phase 3 of 3: recover').endReason).toBe(
      'stopped by key before phase 3 of 3: recover',
    );
    expect(summarisePhases([validate], ['validate']).endReason).toBe('all phases are done');
  });

  it('are a table of at most 80 columns, a row for each, with what it was and why it ended', () => {
    const text = phasesTable(all());
    const lines = text.trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[0]).toBe('Phases of events');
    expect(lines[1]).toMatch(/^ {2}phase +took +requests +achieved +p50 +p95 +p99 +not good$/);
    expect(lines[2]).toMatch(/^ {2}validate +\d+ s +[\d,]+ +[\d,.]+\/s .* ms +[\d.]+ %$/);
    expect(lines[3]).toBe('      1,000/s; the planned end');
    expect(text).toContain('up to 4,000/s; errors>10% over 10s: 12.5 %; NOT VALID');
    expect(text).toContain('was broken');
    expect(text).toMatch(/^ {2}recover +not carried out$/m);
    expect(text).not.toContain('\u001b');
    expect(phasesTable(all(), { colour: true })).toContain('\u001b[1mPhases of events');
  });

  it('are a table of 80 columns also where names are long and figures large', () => {
    const long = fixtureSummary({
      ...place(1, 'everything at once, twice', '100,000/s'),
      durationMs: 630_000,
      completed: 19_050_000,
      achievedRate: 100_000,
    });
    const lines = phasesTable(summarisePhases([long, validate], ['everything at once, twice', 'validate'])).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[1]!.length).toBe(80);
    expect(lines[2]).toMatch(/^ {2}everyth\S*… +10m 30s +19,050,/);
  });

  it('are a sentence each for who listens', () => {
    const lines = phasesSentences(all()).trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(
      /^Phase 1 of 3: validate, 1,000 per second; the planned end; [\d,]+ requests in .*percent\.$/,
    );
    expect(lines[3]).toBe('Phase recover was not carried out.');
  });

  it('are one summary for programs, in which those of the phases are', () => {
    const object = phasesObject(all()) as Readonly<Record<string, unknown>>;
    expect(Object.keys(object).slice(0, 2)).toEqual(['type', 'schema_version']);
    expect(object.type).toBe('summary');
    expect(object.phases).toEqual([validate, stress]);
  });
});
