import { describe, expect, it } from 'vitest';
import {
  type Background,
  type Depth,
  heatRamp,
  heatSteps,
  inkOn,
  paletteOf,
  type Style,
} from '../../source/ui/palettes.ts';
import { type Role, roles } from '../../source/ui/theme.ts';
import { contrast, distance, luminance, type Rgb, rgbOf, visions } from '../helpers/color-vision.ts';

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];
const backgrounds: readonly Background[] = ['dark', 'light', 'unknown'];
const all = ([16, 256] as const).flatMap((depth) => backgrounds.map((background) => [depth, background] as const));

/** What a background may be. */
const groundsOf = (background: Background): readonly Rgb[] =>
  background === 'dark' ? [black] : background === 'light' ? [white] : [black, white];

const colorOf = ({ color }: Style, ground: Rgb): Rgb => {
  if (color !== undefined) return rgbOf(color);
  return ground === white ? black : white;
};

/** Meanings that stand in one chart or beside each other. */
const groups: readonly (readonly Role[])[] = [
  ['alarm', 'warn', 'good'],
  ['offered', 'achieved', 'goodSeries'],
  ['p50', 'p95', 'p99'],
];

describe.each(all)('the palette of %i colours for a background that is %s', (depth: Depth, background) => {
  const palette = paletteOf(depth, background);

  it('can be read', () => {
    const least = background === 'unknown' ? 3 : depth === 256 ? 4.5 : 3.5;
    for (const role of roles) {
      for (const ground of groundsOf(background)) {
        expect(contrast(colorOf(palette[role], ground), ground), role).toBeGreaterThanOrEqual(least);
      }
    }
  });

  it('keeps what stands beside each other apart, for colour-blind eyes too', () => {
    for (const group of groups) {
      for (const [index, role] of group.entries()) {
        for (const other of group.slice(index + 1)) {
          const [a, b] = [palette[role], palette[other]];
          // Dim beside not dim is told apart without any colour.
          if (a.dim !== b.dim) continue;
          for (const ground of groundsOf(background)) {
            for (const [name, vision] of Object.entries(visions)) {
              const apart = distance(colorOf(a, ground), colorOf(b, ground), vision);
              expect(apart, `${role} and ${other}, ${name}`).toBeGreaterThan(20);
            }
          }
        }
      }
    }
  });

  it('has an alarm that is bold, and of another lightness than what is good', () => {
    expect(palette.alarm.bold).toBe(true);
    expect(palette.good.bold).toBeUndefined();
    for (const ground of groundsOf(background)) {
      const [alarm, good] = [colorOf(palette.alarm, ground), colorOf(palette.good, ground)];
      expect(contrast(alarm, good)).toBeGreaterThan(1.3);
    }
  });

  it('uses no colour that such a terminal has not', () => {
    for (const role of roles) expect(palette[role].color ?? 0).toBeLessThan(depth);
    // The first sixteen are the user's own: whether they can be read is not known.
    if (depth === 256) for (const role of roles) expect(palette[role].color ?? 16).toBeGreaterThanOrEqual(16);
  });
});

describe.each(backgrounds)('the heat map on a background that is %s', (background) => {
  const ramp = heatRamp(background).map(rgbOf);

  it('grows away from the background from step to step, for every kind of eye', () => {
    expect(ramp).toHaveLength(heatSteps);
    const lightness = ramp.map(luminance);
    const sorted = lightness.toSorted((a, b) => (background === 'light' ? b - a : a - b));
    expect(lightness).toEqual(sorted);
    for (let step = 1; step < ramp.length; step += 1) {
      for (const vision of Object.values(visions)) {
        expect(distance(ramp[step - 1]!, ramp[step]!, vision)).toBeGreaterThan(10);
      }
    }
  });

  it('has an ink on each step that can be read', () => {
    for (const [index, rgb] of ramp.entries()) {
      expect(contrast(rgbOf(inkOn(background, index + 1)), rgb)).toBeGreaterThanOrEqual(4.5);
    }
  });
});
