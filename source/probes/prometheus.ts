// Polls a Prometheus endpoint and shows the dozen rows of it that are worth watching. Reading the text, choosing and
// deriving are files of their own; this one asks, checks that the answer is metrics at all, and puts them together.

import { monotonicNow, wallNow } from '../common/clock.ts';
import { safeLocation, safeText } from '../common/safe-text.ts';
import { formatCount } from '../common/units.ts';
import { deriveSignals } from './derive-signals.ts';
import type { HttpAccess } from './http-access.ts';
import { type HttpAnswer, HttpGet } from './http-get.ts';
import { type Family, FamilyGrouping } from './metric-family.ts';
import { type MetricLook, metricTables } from './metric-tables.ts';
import { Movers } from './movers.ts';
import { isNodeExporter, NodeExporterReader } from './node-exporter.ts';
import { pinnedSignals } from './pins.ts';
import { type Probe, ProbeError, type ProbeResult, type ProbeTable } from './probe.ts';
import { SeriesCache } from './prometheus-series.ts';
import { PrometheusText, type Scrape } from './prometheus-text.ts';
import { mostMovers, recognise } from './recognise.ts';
import { ScrapeBook } from './scrape-book.ts';
import { Turns } from './turns.ts';

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
const loginHint =
  "give a login with --probe-header 'Authorization: …' or in the URL; a profile's probe has bearer and basic";
const hint = 'name the metrics URL with --metrics URL, or turn probes off with --no-probe';

/** Text parsed and samples grouped between two looks at the clock: 50,000 series in one go would hold up the screen for 0.1 s. */
const pieceBytes = 32 * 1024;
const samplesAtOnce = 1000;

export class PrometheusProbe implements Probe {
  readonly id: string;
  readonly kind = 'metrics';
  readonly target: string;
  readonly #get: HttpGet;
  readonly #cache = new SeriesCache();
  readonly #book = new ScrapeBook();
  readonly #movers = new Movers();
  readonly #pins: readonly string[];
  #look: MetricLook | undefined;
  #tables: readonly ProbeTable[] | undefined;
  /** Once the answer turned out to be a machine's. */
  #machine: NodeExporterReader | undefined;

  /** @throws TypeError where the URL is none. */
  constructor({ id, url, version, access, timeoutMs, pins = [] }: PrometheusOptions) {
    this.#pins = pins;
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
    if (scrape.samples.length === 0 && scrape.badLines === 0)
      throw new ProbeError(`${path} answered without any metrics`);
    if (scrape.samples.length === 0) {
      const said = safeText(scrape.badExamples[0] ?? '', 40);
      throw new ProbeError(`${path} answered with something that is not metrics: ${said}`, hint);
    }
    return this.#result(at, scrape);
  }

  tables(): readonly ProbeTable[] {
    // Drawn several times for each scrape.
    this.#tables ??= [...(this.#machine?.tables() ?? []), ...(this.#look ? metricTables(this.#look) : [])];
    return this.#tables;
  }

  close(): Promise<void> {
    return this.#get.close();
  }

  #check({ status, contentType, location }: HttpAnswer, path: string): void {
    if (status === 404) throw new ProbeError('not found (404)', hint);
    if (status === 401 || status === 403) throw new ProbeError(`${path} may not be read (${status})`, loginHint);
    if (location !== undefined && status >= 300 && status < 400) {
      throw new ProbeError(
        `${path} redirects to ${safeLocation(location)} (${status}); redirects are not followed`,
        hint,
      );
    }
    if (status !== 200) throw new ProbeError(`${path} answered ${status}`);
    const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
    if (type === '' || type === 'text/plain' || type === 'application/openmetrics-text') return;
    const shown = type.endsWith('/html') ? 'HTML' : type.includes('protobuf') ? 'protobuf' : safeText(type, 40);
    throw new ProbeError(`${path} answered with ${shown}, not metrics`, hint);
  }

  async #parse({ body, contentType }: HttpAnswer, signal: AbortSignal): Promise<Scrape> {
    const turns = new Turns();
    for (const _ of this.#cache.sweep()) if (turns.over) await turns.rest();
    const reader = new PrometheusText(/^application\/openmetrics-text/i.test(contentType.trim()), this.#cache);
    const decoder = new TextDecoder();
    for (let at = 0; at < body.length; at += pieceBytes) {
      if (turns.over) await turns.rest();
      if (signal.aborted) throw new ProbeError('no answer in time');
      reader.push(decoder.decode(body.subarray(at, at + pieceBytes), { stream: true }));
    }
    reader.push(decoder.decode());
    return reader.finish();
  }

  /** From here on there is no way back: every series takes what it says now, in whatever time that needs. */
  async #result(at: number, scrape: Scrape): Promise<ProbeResult> {
    const turns = new Turns();
    const grouping = new FamilyGrouping(scrape);
    while (grouping.advance(samplesAtOnce)) if (turns.over) await turns.rest();
    const { families } = grouping;
    const book = this.#book;
    book.begin(at, wallNow() / 1000, families);
    for (const family of families.values()) {
      for (const _ of book.steps(family)) if (turns.over) await turns.rest();
      if (turns.over) await turns.rest();
    }
    this.#tables = undefined;
    if (isNodeExporter(families)) return this.#machineResult(at, families);
    let movers: readonly string[] = [];
    const choose = (free: readonly Family[]): readonly string[] => {
      movers = this.#movers.choose(at, free, book, mostMovers);
      return movers;
    };
    const signals = recognise(families, { pins: this.#pins, movers: choose });
    if (turns.over) await turns.rest();
    this.#look = { families, book, pins: this.#pins, movers, badExamples: scrape.badExamples };
    const bad = scrape.badLines + scrape.repeated;
    const said = bad > 0 ? `, ${formatCount(bad)} bad ${bad === 1 ? 'line' : 'lines'}` : '';
    return {
      values: deriveSignals(signals, book),
      title: `${formatCount(scrape.samples.length)} series${said}`,
      notices: book.notices(),
    };
  }

  /** What a node_exporter tells is a machine; what was pinned comes after it. */
  #machineResult(at: number, families: ReadonlyMap<string, Family>): ProbeResult {
    this.#machine ??= new NodeExporterReader();
    const machine = this.#machine.read(at, families);
    const pins = this.#pins;
    this.#look = { families, book: this.#book, pins, movers: [], badExamples: [] };
    const pinned = deriveSignals(pinnedSignals(families, pins, new Set()), this.#book);
    const after = machine.values.length;
    const values = [...machine.values, ...pinned.map((value) => ({ ...value, rank: value.rank + after }))];
    return { ...machine, values, kind: 'target host' };
  }
}
