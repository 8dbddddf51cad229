// Which Node the demo target takes, and what is said where it is too old.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeTooOld } from '../../source/demo/node-version.ts';

describe('the version of Node', () => {
  it.each(['22.19.0', '22.20.1', '23.0.0', '26.10.0'])('%s will do', (version) => {
    expect(nodeTooOld(version)).toBeUndefined();
  });

  it.each(['22.18.9', '20.20.2', '18.0.0'])('%s is too old, and that is said', (version) => {
    expect(nodeTooOld(version)).toBe(`needs Node 22.19 or newer; this is Node ${version}.`);
  });

  it('is that which the package asks for', () => {
    const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(engines.node).toBe('>=22.19');
  });
});
