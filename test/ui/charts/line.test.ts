import { describe, expect, it } from 'vitest';
import { drawLines, type LineChart } from '../../../source/ui/charts/line.ts';
import { linearScale } from '../../../source/ui/charts/scale.ts';
import { plainText } from '../../../source/ui/theme.ts';

const scale = linearScale(0, 3, 1);
const chart = (given: Partial<LineChart>): LineChart => ({
  width: 4,
  height: 1,
  scale,
  series: [],
  ascii: false,
  ...given,
});
const drawn = (given: Partial<LineChart>): string[] => drawLines(chart(given)).map(plainText);
const offered = (...values: number[]) => ({ values: Float64Array.from(values), role: 'offered' as const });
const good = (...values: number[]) => ({ values: Float64Array.from(values), role: 'goodSeries' as const });
const gap = Number.NaN;
const mark = (step: number, name = '') => ({ step, kind: 'mark' as const, name });
const change = (step: number, name = '') => ({ step, kind: 'change' as const, name });
const bound = (value: number, label = '') => ({ value, label });

describe('a line chart', () => {
  it('draws a value at each of the four heights of a cell', () => {
    expect(drawn({ series: [offered(0, 0, 1, 1, 2, 2, 3, 3)] })).toEqual(['⣀⠤⠒⠉']);
  });

  it('has the newest value at the right edge, and shorter series at the right end of the window', () => {
    expect(drawn({ series: [offered(3, 3)], steps: 8 })).toEqual(['   ⠉']);
    expect(drawn({ series: [offered(0, 0, 0, 0, 0, 0, 3, 3)], steps: 2 })).toEqual(['⠉⠉⠉⠉']);
  });

  it('joins the steps by lines where there are more dots than steps', () => {
    expect(drawn({ width: 4, height: 2, series: [offered(0, 3)] })).toEqual(['  ⡠⠊', '⡠⠊  ']);
  });

  it('breaks at a gap, neither joining over it nor drawing it as zero', () => {
    expect(drawn({ series: [offered(3, 3, gap, gap, gap, gap, 3, 3)] })).toEqual(['⠉  ⠉']);
    expect(drawn({ series: [offered(gap, gap, gap, 1, gap, gap, gap, gap)] })).toEqual([' ⠠  ']);
  });

  it('keeps a spike of a single step when there are many more steps than dots', () => {
    const values = new Float64Array(3600).fill(0);
    values[1800] = 3;
    const [line] = drawn({ width: 10, series: [{ values, role: 'p99' }] });
    expect(line).toBe('⣀⣀⣀⣀⣀⣇⣀⣀⣀⣀');
  });

  it('keeps the break of a long gap when there are many more steps than dots, and joins what is not one', () => {
    const values = new Float64Array(3600).fill(0).fill(gap, 1440, 2160).fill(3, 2160);
    expect(drawn({ width: 10, series: [{ values, role: 'p50' }] })).toEqual(['⣀⣀⣀⣀  ⠉⠉⠉⠉']);
    const step = new Float64Array(3600).fill(0).fill(3, 1800);
    expect(drawn({ width: 10, series: [{ values: step, role: 'p50' }] })).toEqual(['⣀⣀⣀⣀⣀⠏⠉⠉⠉⠉']);
  });

  it('keeps its shape while it moves, though steps share dots: dots begin at fixed times', () => {
    const all = Float64Array.from({ length: 400 }, (_, step) => Math.round(1.5 + 1.5 * Math.sin(step * 0.7)));
    const at = (first: number): string => {
      const [line] = drawn({ width: 20, first, series: [{ values: all.slice(first, first + 100), role: 'p50' }] });
      return line!;
    };
    // 100 steps on 40 dots: five steps are two dots, a cell.
    for (let first = 0; first < 200; first += 5) expect(at(first + 5).slice(0, 19)).toBe(at(first).slice(1));
    const cursorAt = (cursor: number): number => drawn({ width: 20, first: 3, cursor, steps: 100 })[0]!.indexOf('┃');
    expect([cursorAt(0), cursorAt(50), cursorAt(99)]).toEqual([0, 9, 19]);
  });

  it('draws the dots of all series, in the colour of the last one where they share a cell', () => {
    const series = [offered(3, 3, 3, 3, 3, 3, 3, 3), good(gap, gap, gap, gap, 0, 0, 3, 3)];
    expect(drawLines(chart({ series }))).toEqual([
      [
        { text: '⠉⠉', role: 'offered' },
        { text: '⣉⠏', role: 'goodSeries' },
      ],
    ]);
  });

  it('lets blanks take the meaning of what stands before them, so that a line is few runs', () => {
    expect(drawLines(chart({ series: [offered(gap, gap, 3, 3, gap, gap, gap, gap)] }))).toEqual([
      [{ text: ' ⠉  ', role: 'offered' }],
    ]);
  });

  it('draws markers and objectives only where there is no line', () => {
    const lines = drawLines(
      chart({
        height: 2,
        series: [offered(0, 0, 0, 0, 0, 0, 0, 0)],
        markers: [mark(2), mark(99), mark(-1)],
        objectives: [bound(3), bound(77)],
      }),
    );
    expect(lines.map(plainText)).toEqual(['·┋··', '⣀⣀⣀⣀']);
    expect(lines[0]).toContainEqual({ text: '┋', role: 'marker' });
  });

  it('moves to the left without changing its shape where several steps share a column', () => {
    const value = (step: number): number => 1.5 + 1.5 * Math.sin(step * 0.9) * Math.sin(step * 0.07);
    const at = (until: number): string[] => {
      const values = Float64Array.from({ length: 300 }, (_, index) => value(until - 300 + index));
      return drawn({ width: 60, height: 4, steps: 300, first: until - 300, series: [{ values, role: 'p50' }] });
    };
    // 2.5 steps for a dot, so that five steps are a cell.
    const [before, after] = [at(1000), at(1005)];
    for (const [row, line] of before.entries()) expect(after[row]!.slice(1, 58)).toBe(line.slice(2, 59));
  });

  it('tells marks from changes by their line, with names and labels where the chart leaves room', () => {
    const series = [offered(...new Array<number>(60).fill(1))];
    const markers = [change(6, 'rate 5 → 9'), mark(30, 'a')];
    const objectives = [bound(3, 'objective rate 3')];
    const given = { width: 60, height: 4, steps: 60, series, markers, objectives };
    expect(drawn(given)).toEqual([
      '······┊···· objective rate 3 ·┋a····························',
      '      ┊                       ┋                             ',
      '⠤'.repeat(60),
      '      ┊rate 5 → 9             ┋                             ',
    ]);
    expect(drawn({ ...given, ascii: true })[0]).toMatch(/^~{6}:~{4} objective rate 3 ~\|a~+$/);
  });

  it('never draws a name over a line, a marker or another name', () => {
    const full = drawn({ width: 8, height: 1, series: [offered(1, 1, 1, 1)], markers: [mark(1, 'abc')] });
    expect(full).toEqual(['⠤⠤⠤⠤⠤⠤⠤⠤']);
    const close = drawn({ width: 8, height: 1, steps: 8, markers: [mark(2, 'abc'), mark(4, 'def')] });
    expect(close).toEqual(['  ┋ ┋def']);
  });

  it('draws what was asked dotted, but its steps whole', () => {
    const dotted = { ...offered(0, 0, 0, 0, 3, 3, 3, 3), dotted: true };
    expect(drawn({ series: [dotted] })).toEqual(['⡀⡀⠇⠁']);
  });

  it('draws a second that stands alone, dotted or not, wherever it is', () => {
    for (const steps of [8, 60]) {
      for (let step = 0; step < steps; step += 1) {
        const values = new Float64Array(steps).fill(gap);
        values[step] = 1;
        for (const width of [4, 9]) {
          const [line] = drawn({ width, steps, series: [{ values, role: 'offered', dotted: true }] });
          expect(line).toMatch(/[⠠⠄]/);
        }
      }
    }
  });

  it('puts a marker into the cell of its step', () => {
    for (const steps of [5, 20, 60, 3600]) {
      const step = Math.floor(steps / 3);
      const values = new Float64Array(steps).fill(gap);
      values[step] = 3;
      const at = (line: string | undefined): number => [...(line ?? '')].findIndex((text) => text !== ' ');
      expect(at(drawn({ width: 30, steps, markers: [mark(step)] })[0])).toBe(
        at(drawn({ width: 30, series: [{ values, role: 'p50' }] })[0]),
      );
    }
  });

  it('has a marker that lies within the newest second at its right edge, with its line and not only its name', () => {
    const markers = [mark(59.3, 'late')];
    expect(drawn({ width: 60, height: 2, steps: 60, markers }).map((line) => line.slice(-6))).toEqual([
      ' late┋',
      '     ┋',
    ]);
  });

  it('is made of ASCII alone where that is asked for, with a star where series meet', () => {
    const series = [offered(0, 1, 1.5, 2, 3, 3), good(0, 0, 0, 0, 0, 3)];
    const lines = drawn({ width: 6, height: 2, series, ascii: true, markers: [mark(2)], objectives: [bound(2)] });
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^[ -~]{6}$/);
    expect(lines[1]![0]).toBe('*');
  });

  it('has exactly the size that is asked for, also when there is nothing to draw', () => {
    expect(drawn({ width: 3, height: 2 })).toEqual(['   ', '   ']);
    expect(drawn({ width: 0, height: 2, series: [offered(1)] })).toEqual(['', '']);
    expect(drawn({ width: 3, height: 0, series: [offered(1)] })).toEqual([]);
    expect(drawn({ width: 3, series: [offered(gap)] })).toEqual(['   ']);
  });
});
