// What probes judge to be wrong, told when it begins: for outputs that write a line for each thing that happened.

import { measuredWords } from '../common/quantity.ts';
import { safeText } from '../common/safe-text.ts';
import type { RunEvent } from '../session/events.ts';

type ProbeRead = Extract<RunEvent, { readonly type: 'probe/read' }>;

/** A value that wavers about its threshold is told once in this time, ms. */
const quietMs = 60_000;

export class LevelWatch {
  /** When a metric was last bad, or was told of. */
  readonly #badAt = new Map<string, number>();

  /** What has become bad with this answer, in words: `mongodb: lock queue 412`. The state of a target is not among it. */
  take({ probe, at, values }: ProbeRead): readonly string[] {
    return values.flatMap((value) => {
      if (value.type === 'gap' || value.level !== 'bad') return [];
      if (value.type === 'fact' && value.metric === 'status') return [];
      const key = `${probe}/${value.metric}`;
      const last = this.#badAt.get(key);
      this.#badAt.set(key, at);
      if (last !== undefined && at - last < quietMs) return [];
      const words = value.type === 'fact' ? value.text : measuredWords(value);
      return [safeText(`${probe}: ${value.label} ${words}`)];
    });
  }
}
