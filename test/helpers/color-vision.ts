// How colours look: contrast as WCAG 2.2 defines it, and distance as eyes with and without colour blindness see it.

export type Rgb = readonly [red: number, green: number, blue: number];
type Matrix = readonly [Rgb, Rgb, Rgb];

/** The first sixteen as xterm has them; users change these, the others are fixed. */
const sixteen: readonly string[] = [
  ...['000000', 'cd0000', '00cd00', 'cdcd00', '0000ee', 'cd00cd', '00cdcd', 'e5e5e5'],
  ...['7f7f7f', 'ff0000', '00ff00', 'ffff00', '5c5cff', 'ff00ff', '00ffff', 'ffffff'],
];
const cube = [0, 95, 135, 175, 215, 255];

/** The colour of a number of the terminal's palette, 0 to 255 each. */
export const rgbOf = (color: number): Rgb => {
  if (color < 16) {
    const value = Number.parseInt(sixteen[color]!, 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  }
  if (color >= 232) {
    const grey = 8 + 10 * (color - 232);
    return [grey, grey, grey];
  }
  const at = color - 16;
  return [cube[Math.floor(at / 36)]!, cube[Math.floor(at / 6) % 6]!, cube[at % 6]!];
};

const linear = (rgb: Rgb): Rgb => {
  const one = (value: number): number => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return [one(rgb[0]), one(rgb[1]), one(rgb[2])];
};

const times = (matrix: Matrix, [r, g, b]: Rgb): Rgb => {
  const row = ([x, y, z]: Rgb): number => x * r + y * g + z * b;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};

/** Relative luminance, 0 to 1. */
export const luminance = (rgb: Rgb): number => {
  const [r, g, b] = linear(rgb);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

/** Contrast ratio, 1 to 21. */
export const contrast = (a: Rgb, b: Rgb): number => {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
};

/** Machado, Oliveira, Fernandes (2009), severity 1, for linear RGB; the first is an eye that sees all. */
export const visions: Readonly<Record<string, Matrix>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

const toXyz: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];

const lab = (rgb: Rgb, vision: Matrix): Rgb => {
  const [r, g, b] = times(vision, linear(rgb));
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  const [x, y, z] = times(toXyz, [clamp(r), clamp(g), clamp(b)]);
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
};

/** Distance in CIELAB (ΔE 1976) for such an eye; about 2 can just be told apart side by side. */
export const distance = (a: Rgb, b: Rgb, vision: Matrix): number => {
  const [one, other] = [lab(a, vision), lab(b, vision)];
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
};
