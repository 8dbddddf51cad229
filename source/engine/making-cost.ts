// How long this machine takes to make the request of a step: some thousandths of a second of doing it, without sending
// anything. An estimate for plans, in which templates of large bodies cost more than sending does.

import { monotonicNow } from '../common/clock.ts';
import type { CompiledStep } from '../profile/compile.ts';
import { type RequestSettings, requestOf, Scratch } from './request.ts';
import type { ValueSource } from './template-value.ts';
import { UploadFiles } from './upload-files.ts';

/** Long enough for the compiler to have seen it. */
const warmMs = 8;
/** Of several tries the fastest counts: what else runs on the machine makes none faster. */
const tries = 8;
const tryMs = 1.5;
/** Requests made between two looks at the clock. */
const batch = 8;

/** With captured values a request is put together anew, piece by piece: an estimate, µs. */
const generalUs = 10;

/** µs of CPU. @param source what values are drawn from */
export const makingUs = (step: CompiledStep, source: ValueSource): number => {
  if (step.general) return generalUs;
  if (!step.templated || step.upload) return 0;
  const settings: RequestSettings = {
    source,
    pathPrefix: '',
    proxyLogin: undefined,
    keepAlive: true,
    scheme: 'http',
    authority: 'localhost',
    files: new UploadFiles(),
  };
  const { http1 } = requestOf(step, settings);
  const scratch = new Scratch();
  let n = 0;
  /** µs a request, over at least `ms`. */
  const time = (ms: number): number => {
    const from = monotonicNow();
    const first = n;
    let now = from;
    while (now - from < ms) {
      for (let each = 0; each < batch; each += 1) http1(n + each, scratch);
      n += batch;
      now = monotonicNow();
    }
    return ((now - from) * 1000) / (n - first);
  };
  time(warmMs);
  return Math.min(...Array.from({ length: tries }, () => time(tryMs)));
};
