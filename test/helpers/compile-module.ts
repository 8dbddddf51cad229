// A profile in TypeScript from its text, compiled: its file stays as long as the tests, because workers import it themselves.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { type CompiledRun, compile } from '../../source/profile/compile.ts';
import { completeProfile } from '../../source/profile/defaults.ts';
import { loadAny } from '../../source/profile/load-profile.ts';
import { runSpec } from './compile-text.ts';
import type { SpecPatch } from './engine-spec.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** @param text of a module without its target: `export default { … }` @param captured by the set-up of the run */
export const compileModule = async (text: string, captured?: ReadonlyMap<string, unknown>): Promise<CompiledRun> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-module-'));
  folders.push(folder);
  const file = path.join(folder, 'profile.ts');
  writeFileSync(file, text.replace('export default {', "export default { target: 'http://localhost:1',"));
  const { draft } = await loadAny(file);
  return compile(completeProfile(draft), { userAgent: 'test', ...(captured && { captured }) });
};

/** What the engine needs of it. */
export const moduleSpec = (run: CompiledRun): SpecPatch => ({ ...runSpec(run), code: run.code });
