import { describe, expect, it } from 'vitest';
import { detectTheme, paint, plainText, plainTheme, roles, textProps } from '../../source/ui/theme.ts';

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
    expect(detectTheme(env, isTTY)).toEqual(expected);
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
    expect(detectTheme(utf8, true, { color: false, ascii: true })).toEqual({
      color: false,
      attributes: true,
      ascii: true,
    });
    expect(detectTheme({ NO_COLOR: '1' }, true, { color: true, ascii: false }).color).toBe(true);
  });
});

describe('meanings', () => {
  const theme = detectTheme(utf8, true);

  it('become props of Text, and nothing where nothing may be used', () => {
    expect(textProps(theme, 'alarm')).toEqual({ color: 'red', bold: true });
    expect(textProps({ ...theme, color: false }, 'alarm')).toEqual({ bold: true });
    for (const role of roles) expect(textProps(plainTheme, role)).toEqual({});
  });

  it('tell the series of one chart apart', () => {
    const colors = (...names: ('offered' | 'achieved' | 'goodSeries' | 'p50' | 'p95' | 'p99')[]) =>
      new Set(names.map((name) => textProps(theme, name).color)).size;
    expect(colors('offered', 'achieved', 'goodSeries')).toBe(3);
    expect(colors('p50', 'p95', 'p99')).toBe(3);
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
    expect(paint(lines, theme)).toBe('a\u001b[1;31mb\u001b[22;39m  \n\u001b[2mc\u001b[22m');
    expect(paint(lines, plainTheme)).toBe('ab  \nc');
    expect(plainText(lines[0]!)).toBe('ab  ');
  });
});
