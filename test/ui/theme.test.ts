import { describe, expect, it } from 'vitest';
import { detectTheme, paint, plainText, plainTheme, roles, styleOf } from '../../source/ui/theme.ts';

const utf8 = { TERM: 'xterm-256color', LANG: 'en_US.UTF-8' };

describe('what a terminal can show', () => {
  it.each([
    ['a usual terminal', utf8, true, { color: true, attributes: true, ascii: false }],
    ['NO_COLOR', { ...utf8, NO_COLOR: '1' }, true, { color: false, attributes: true, ascii: false }],
    [
      'an empty NO_COLOR, which says nothing',
      { ...utf8, NO_COLOR: '' },
      true,
      { color: true, attributes: true, ascii: false },
    ],
    ['a dumb terminal', { ...utf8, TERM: 'dumb' }, true, { color: false, attributes: false, ascii: true }],
    ['no terminal', utf8, false, { color: false, attributes: false, ascii: false }],
    ['the Linux console', { ...utf8, TERM: 'linux' }, true, { color: true, attributes: true, ascii: true }],
    ['Windows', { OS: 'Windows_NT' }, true, { color: true, attributes: true, ascii: false }],
  ])('is detected for %s', (_name, env, isTTY, expected) => {
    expect(detectTheme(env, isTTY)).toMatchObject(expected);
  });

  it.each([
    [{ TERM: 'xterm-256color' }, 256],
    [{ TERM: 'xterm' }, 16],
    [{ TERM: 'xterm', COLORTERM: 'truecolor' }, 256],
    [{ TERM: 'screen', COLORTERM: '' }, 16],
    [{ TERM: 'tmux-256color' }, 256],
    [{ TERM: 'xterm-kitty' }, 256],
    [{ TERM: 'linux' }, 16],
    [{}, 16],
  ])('has so many colours for %j: %i', (env, depth) => {
    expect(detectTheme(env, true).depth).toBe(depth);
  });

  it.each([
    [{}, 'unknown'],
    [{ COLORFGBG: '15;0' }, 'dark'],
    [{ COLORFGBG: '0;15' }, 'light'],
    [{ COLORFGBG: '0;default;15' }, 'light'],
    [{ COLORFGBG: '0;7' }, 'light'],
    [{ COLORFGBG: '7;8' }, 'dark'],
    [{ COLORFGBG: '15;default' }, 'unknown'],
    [{ TERM: 'linux' }, 'dark'],
  ])('has such a background for %j: %s', (env, background) => {
    expect(detectTheme(env, true).background).toBe(background);
  });

  it('has the theme that was asked for, but no colours where NO_COLOR takes them', () => {
    expect(detectTheme({ ...utf8, COLORFGBG: '15;0' }, true, { name: 'light' }).background).toBe('light');
    expect(detectTheme({ ...utf8, COLORFGBG: '15;0' }, true, { name: 'auto' }).background).toBe('dark');
    expect(detectTheme(utf8, true, { name: 'mono' })).toMatchObject({ color: false, attributes: true });
    expect(detectTheme({ ...utf8, NO_COLOR: '1' }, true, { name: 'dark' }).color).toBe(false);
  });

  it.each([
    [{}, true],
    [{ LANG: 'C' }, true],
    [{ LANG: 'C.UTF-8' }, false],
    [{ LANG: 'de_DE.utf8' }, false],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'POSIX' }, true],
    [{ LANG: 'C', LC_CTYPE: 'en_US.UTF-8' }, false],
    [{ LANG: 'C', LC_ALL: '', LC_CTYPE: 'en_US.UTF-8' }, false],
    [{ LANG: 'en_US.ISO-8859-1' }, true],
  ])('is ASCII for the locale %j: %s', (env, ascii) => {
    expect(detectTheme({ TERM: 'xterm', ...env }, true).ascii).toBe(ascii);
  });

  it('is what flags ask for, whatever the environment says', () => {
    expect(detectTheme(utf8, true, { color: false, ascii: true })).toMatchObject({
      color: false,
      attributes: true,
      ascii: true,
    });
    expect(detectTheme({ NO_COLOR: '1' }, true, { color: true, ascii: false }).color).toBe(true);
  });
});

describe('meanings', () => {
  const theme = detectTheme(utf8, true);

  it('have no colours nor attributes where nothing may be used', () => {
    expect(styleOf(theme, 'alarm')).toMatchObject({ bold: true, color: expect.any(Number) });
    expect(styleOf({ ...theme, color: false }, 'alarm')).toEqual({ bold: true });
    for (const role of roles) expect(styleOf(plainTheme, role)).toEqual({});
  });

  it('become one painted string whose text is unchanged', () => {
    const lines = [
      [
        { text: 'a', role: 'text' as const },
        { text: 'b', role: 'alarm' as const },
        { text: '  ', role: 'alarm' as const },
      ],
      [{ text: 'c', role: 'dim' as const }],
    ];
    const { color } = styleOf(theme, 'alarm');
    expect(paint(lines, theme)).toBe(`a\u001b[1;38;5;${color}mb\u001b[22;39m  \n\u001b[2mc\u001b[22m`);
    expect(paint(lines, { ...theme, depth: 16 })).toBe('a\u001b[1;31mb\u001b[22;39m  \n\u001b[2mc\u001b[22m');
    expect(paint(lines, plainTheme)).toBe('ab  \nc');
    expect(plainText(lines[0]!)).toBe('ab  ');
  });
});
