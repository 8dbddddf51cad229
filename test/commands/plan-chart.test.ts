import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlanChart, planChart } from '../../source/commands/plan-chart.ts';
import { constantSegments, segmentsOfStages } from '../../source/load/arrival-plan.ts';

const stages = segmentsOfStages([
  { lengthMs: 10_000, rate: 100 },
  { lengthMs: 20_000, rate: 100 },
  { lengthMs: 0, rate: 0 },
  { lengthMs: 10_000, rate: 0 },
]);
const draw = (chart: Partial<PlanChart>): string =>
  planChart({ segments: stages, durationMs: 40_000, width: 50, height: 8, ascii: false, ...chart }).join('\n');

describe('the chart of a plan', () => {
  test('shows the rate over the time of the run', () => {
    expect(`\n${draw({})}\n`).toMatchInlineSnapshot(`
      "
        100 ┤         ⢠⠊⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⡆
            │       ⢀⠔⠁                      ⡇
            │     ⢀⠔⠁                        ⡇
         50 ┤   ⢀⠔⠁                          ⡇
            │  ⡠⠊                            ⡇
          0 ┤⡠⠊                              ⣇⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀
            └────────────────┬───────────────┬──────────
             0              15s             30s      40s
      "
    `);
  });

  test('is the same in ASCII', () => {
    expect(`\n${draw({ ascii: true })}\n`).toMatchInlineSnapshot(`
      "
        100 +         .-'''''''''''''''''''''.
            |        .'                      |
            |      .'                        |
         50 +    .'                          |
            |  .'                            |
          0 +.'                              |..........
            +----------------+---------------+----------
             0              15s             30s      40s
      "
    `);
  });

  test('of a level without an end ends in dots', () => {
    const segments = constantSegments(50, Infinity);
    const lines = draw({ segments, durationMs: undefined }).split('\n');
    expect(lines.at(-1)).toMatch(/^ +0 .* \.\.\.$/);
  });

  test('of nothing at all is a line at zero', () => {
    expect(draw({ segments: [] }).split('\n')).toHaveLength(8);
  });

  test('fits its room, whatever the plan', () => {
    const stage = fc.record({
      lengthMs: fc.integer({ min: 0, max: 86_400_000 }),
      rate: fc.integer({ min: 0, max: 10_000_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(stage, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 20, max: 100 }),
        fc.integer({ min: 4, max: 20 }),
        fc.boolean(),
        (list, width, height, ascii) => {
          const segments = segmentsOfStages(list);
          const last = segments.at(-1);
          const durationMs = last ? last.at + last.lengthMs : 1000;
          const lines = planChart({ segments, durationMs, width, height, ascii });
          expect(lines).toHaveLength(height);
          for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
