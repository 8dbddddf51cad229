// What doctor prints: lines that can be searched, what to do below them, and one JSON object.

import { describe, expect, it } from 'vitest';
import { type DoctorReport, doctorJson, doctorText } from '../../source/commands/doctor-text.ts';

const report: DoctorReport = {
  subject: 'http://localhost, 50/s on up to 1,000 connections',
  version: '1.0.0',
  tookMs: 1234,
  groups: [
    [
      'machine',
      [
        { name: 'node', level: 'ok', found: '26.1.0', wanted: '22', todo: 'nothing' },
        { name: 'descriptors', level: 'warn', found: '1,024 allowed', wanted: '1,100', todo: 'ulimit -n 65535' },
      ],
    ],
    [
      'target',
      [
        { name: 'name', level: 'skipped', found: 'an address' },
        { name: 'connect', level: 'bad', found: 'refused', todo: 'start it' },
      ],
    ],
    ['probes', []],
  ],
};

describe('the report of doctor', () => {
  it('is a line for each check, in columns, with what to do below', () => {
    expect(doctorText(report, { terminal: undefined, ascii: false })).toBe(
      [
        'loadtop doctor: http://localhost, 50/s on up to 1,000 connections',
        '',
        'ok    machine  node         26.1.0',
        'warn  machine  descriptors  1,024 allowed (wanted: 1,100)',
        '                            → ulimit -n 65535',
        'skip  target   name         an address',
        'bad   target   connect      refused',
        '                            → start it',
        '',
        '1 bad, 1 to look at, 1 ok, 1 not checked; in 1.2 s',
        '',
      ].join('\n'),
    );
  });

  it('has signs, colours and folded lines only in a terminal', () => {
    const text = doctorText(report, { terminal: { columns: 60, colour: true }, ascii: false });
    expect(text).toContain('\u001b[32m✓ ok  \u001b[0m  machine');
    expect(text).toContain('\u001b[31m✗ bad ');
    for (const line of text
      .replaceAll(/\u001b\[\d+m/g, '')
      .split('\n')
      .slice(2))
      expect(line.length).toBeLessThanOrEqual(60);
  });

  it('is ASCII where that is wanted', () => {
    const text = doctorText(report, { terminal: { columns: 80, colour: false }, ascii: true });
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(text).toContain('x bad');
    expect(text).toContain('-> start it');
  });

  it('says of a machine alone no subject', () => {
    expect(doctorText({ ...report, subject: undefined }, { terminal: undefined, ascii: false })).toMatch(/^ok /);
  });

  it('is one JSON object', () => {
    const text = doctorJson(report);
    expect(text.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(text)).toMatchObject({
      type: 'doctor',
      version: '1.0.0',
      ok: 1,
      warn: 1,
      bad: 1,
      skipped: 1,
      checks: [{}, { group: 'machine', name: 'descriptors', level: 'warn', todo: 'ulimit -n 65535' }, {}, {}],
    });
  });
});
