// Polls a Prometheus endpoint and shows the dozen rows of it that are worth watching. Reading the text, choosing and
// deriving are files of their own; this one asks, checks that the answer is metrics at all, and puts them together.

import { monotonicNow, soon } from '../common/clock.ts';
import { safeText } from '../common/safe-text.ts';
import { formatCount } from '../common/units.ts';
import { SignalDeriver } from './derive-signals.ts';
import type { HttpAccess } from './http-access.ts';
import { type HttpAnswer, HttpGet } from './http-get.ts';
import { groupFamilies } from './metric-family.ts';
import { type Probe, ProbeError, type ProbeResult } from './probe.ts';
import { SeriesCache } from './prometheus-series.ts';
import { PrometheusText, type Scrape } from './prometheus-text.ts';
import { recognise } from './recognise.ts';

export interface PrometheusOptions {
  readonly id: string;
  readonly url: string;
  /** Of this program. */
  readonly version: string;
  readonly access?: HttpAccess | undefined;
  /** Of connecting, ms. */
  readonly timeoutMs?: number | undefined;
  /** Globs of metrics to show whatever else there is. */
  readonly pins?: readonly string[];
}

const accept = 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1';
const hint = 'name the metrics URL with --metrics URL, or turn probes off with --no-probe';

/** Text parsed at a stretch: 50,000 series in one go would hold up the screen for 45 ms and more, this for 6 ms. */
const pieceBytes = 64 * 1024;

export class PrometheusProbe implements Probe {
  readonly id: string;
  readonly kind = 'metrics';
  readonly target: string;
  readonly #get: HttpGet;
  readonly #cache = new SeriesCache();
  readonly #deriver = new SignalDeriver();

  /** @throws TypeError where the URL is none. */
  constructor({ id, url, version, access, timeoutMs }: PrometheusOptions) {
    this.id = id;
    this.#get = new HttpGet({
      url,
      version,
      capBytes: 16 * 1024 * 1024,
      accept,
      acceptGzip: true,
      access,
      connectTimeoutMs: timeoutMs,
    });
    this.target = this.#get.target;
  }

  async read(signal: AbortSignal): Promise<ProbeResult> {
    const answer = await this.#get.get(signal);
    const at = monotonicNow();
    const path = new URL(this.target).pathname;
    this.#check(answer, path);
    const scrape = await this.#parse(answer, signal);
    if (scrape.looksLikeHtml) throw new ProbeError(`${path} answered with HTML, not metrics`, hint);
    if (scrape.samples.length === 0 && scrape.badLines > 0) {
      const said = safeText(scrape.badExamples[0] ?? '', 40);
      throw new ProbeError(`${path} answered with something that is not metrics: ${said}`, hint);
    }
    const values = this.#deriver.read(at, recognise(groupFamilies(scrape)));
    const bad = scrape.badLines > 0 ? `, ${formatCount(scrape.badLines)} bad lines` : '';
    return { values, title: `${formatCount(scrape.samples.length)} series${bad}` };
  }

  close(): Promise<void> {
    return this.#get.close();
  }

  #check({ status, contentType, location }: HttpAnswer, path: string): void {
    if (status === 404) throw new ProbeError('not found (404)', hint);
    if (status === 401 || status === 403) throw new ProbeError(`${path} may not be read (${status})`, hint);
    if (location !== undefined && status >= 300 && status < 400) {
      const where = safeText(location.replace(/\?.*$/, ''), 80);
      throw new ProbeError(`${path} redirects to ${where} (${status}); redirects are not followed`, hint);
    }
    if (status !== 200) throw new ProbeError(`${path} answered ${status}`);
    const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
    if (type === '' || type === 'text/plain' || type === 'application/openmetrics-text') return;
    const shown = type.endsWith('/html') ? 'HTML' : type.includes('protobuf') ? 'protobuf' : safeText(type, 40);
    throw new ProbeError(`${path} answered with ${shown}, not metrics`, hint);
  }

  async #parse({ body, contentType }: HttpAnswer, signal: AbortSignal): Promise<Scrape> {
    const reader = new PrometheusText(/^application\/openmetrics-text/i.test(contentType.trim()), this.#cache);
    const decoder = new TextDecoder();
    for (let at = 0; at < body.length; at += pieceBytes) {
      if (at > 0) await new Promise<void>((resolve) => soon(resolve));
      if (signal.aborted) throw new ProbeError('no answer in time');
      reader.push(decoder.decode(body.subarray(at, at + pieceBytes), { stream: true }));
    }
    reader.push(decoder.decode());
    return reader.finish();
  }
}
