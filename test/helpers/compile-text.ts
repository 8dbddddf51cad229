// A profile from its text, compiled: what an engine takes of it, for tests that drive a scenario as it is written.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CompiledRun, compile } from '../../source/profile/compile.ts';
import { loadProfile } from '../../source/profile/load-profile.ts';
import type { Profile } from '../../source/profile/profile.ts';
import type { SpecPatch } from './engine-spec.ts';

/** The profile in a text of YAML, but for its target. */
export const profileOf = (text: string): Profile => {
  const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-profile-'));
  try {
    const file = path.join(folder, 'profile.yaml');
    writeFileSync(file, `target: http://localhost:1\n${text}`);
    return loadProfile(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

export const compileText = (text: string): CompiledRun => compile(profileOf(text), { userAgent: 'test' });

/** What the engine needs of a compiled run. */
export const runSpec = ({ scenarios, series, metrics, feeders }: CompiledRun): SpecPatch => ({
  scenarios,
  seriesCount: series.length,
  metrics,
  feeders,
});
