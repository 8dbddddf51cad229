import { describe, expect, it } from 'vitest';
import { atMost, caseMarkdown, short, spreadText, tableMarkdown, within } from './report.ts';
import { spread } from './statistics.ts';

describe('a figure', () => {
  it.each([
    [0, '0'],
    [6.7449, '6.74'],
    [0.0123456, '0.0123'],
    [98.76, '98.8'],
    [999.7, '1,000'],
    [104_321.7, '104,322'],
    [Number.NaN, '–'],
  ])('%d is written %s', (value, text) => {
    expect(short(value)).toBe(text);
  });

  it('over several runs has its quartiles, over one run none', () => {
    expect(spreadText(spread([1, 2, 3, 4, 5]))).toBe('3 (2–4)');
    expect(spreadText(spread([1.5]))).toBe('1.5');
    expect(spreadText(spread([]))).toBe('–');
  });
});

describe('a goal', () => {
  it.each([
    [1.6, 1.6, true],
    [1.61, 1.6, false],
    [Number.NaN, 1.6, undefined],
  ])('%d of at most %d: met %j', (value, bound, met) => {
    expect(atMost('GET', value, bound, ' × wrk').met).toBe(met);
  });

  it.each([
    [0.89, false],
    [0.9, true],
    [1.1, true],
    [1.2, false],
  ])('%d within 0.9 and 1.1: met %j', (value, met) => {
    expect(within('Poisson', value, 0.9, 1.1).met).toBe(met);
  });

  it('says what was wanted', () => {
    expect(atMost('GET', 1.5, 1.6, ' × wrk')).toEqual({
      what: 'GET',
      wanted: '≤ 1.6 × wrk',
      figure: '1.5 × wrk',
      met: true,
    });
  });
});

describe('the Markdown', () => {
  it('keeps a table a table, whatever stands in its cells', () => {
    expect(tableMarkdown({ head: ['a', 'b'], rows: [['x|y', 'two\nlines']] })).toBe(
      '| a | b |\n| --- | --: |\n| x\\|y | two lines |',
    );
  });

  it('of a case has its tables, its goals with their verdicts, and its notes', () => {
    const text = caseMarkdown({
      title: 'get',
      about: 'What it is.',
      tables: [{ head: ['tool'], rows: [['wrk']] }],
      goals: [atMost('a', 2, 1), atMost('b', 1, 1), atMost('c', Number.NaN, 1)],
      notes: ['k6: skipped'],
    });
    expect(text).toContain('## get\n\nWhat it is.\n\n| tool |');
    expect(text).toContain('| a | ≤ 1 | 2 | **missed** |');
    expect(text).toContain('| b | ≤ 1 | 1 | met |');
    expect(text).toContain('| c | ≤ 1 | – | no figure |');
    expect(text.endsWith('- k6: skipped')).toBe(true);
  });
});
