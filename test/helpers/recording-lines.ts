// The lines of a recording: of events, as they are written, and of a fixture of test/fixtures/recordings.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Recording } from '../../source/outputs/recording.ts';
import type { RunEvent } from '../../source/session/events.ts';
import { replay } from '../../source/session/replay.ts';

const linesOf = (text: string): string[] => text.trimEnd().split('\n');

/** What the recording of these events holds. */
export const recordingLines = async (events: readonly RunEvent[]): Promise<string[]> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-lines-'));
  try {
    const recording = new Recording(path.join(folder, 'run.jsonl'));
    await recording.open();
    for (const event of events) recording.take(event);
    await recording.close();
    return linesOf(readFileSync(recording.path, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Where recorded runs lie; test/tools/record-fixtures.ts makes them. */
export const recordingsFolder = path.resolve(import.meta.dirname, '../fixtures/recordings');

/** The events of a recorded run. */
export const recordedEvents = (name: string): RunEvent[] => {
  const packed = readFileSync(path.join(recordingsFolder, `${name}.ndjson.gz`));
  return [...replay(linesOf(gunzipSync(packed).toString()))];
};
