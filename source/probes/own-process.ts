// This process, the generator, as the operating system sees it: CPU of all its threads, memory, open files, and how late
// its main loop is. Whether its numbers can be trusted is not judged here but from its own waits.

import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { monotonicNow } from '../common/clock.ts';
import { countOpenFiles, openFileLimit, openFilesLevel } from './open-files.ts';
import type { Probe, ProbeResult, ProbeValue } from './probe.ts';
import { parseProcessStatus } from './process-text.ts';

/** What Linux says of this process. */
const self = '/proc/self';

/** The delay monitor's timer, ms: an idle loop reads as this, so it is subtracted. 20 costs 0.2 % of a core, 1 costs 1.4 %. */
const resolutionMs = 20;

/** Shorter stretches say nothing about CPU: its clock ticks in milliseconds. */
const leastMs = 50;

export class OwnProcessProbe implements Probe {
  readonly id = 'process';
  readonly kind = 'process';
  readonly target = 'this process';
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #openFileLimit = openFileLimit(self);
  #cpu = process.cpuUsage();
  #at = monotonicNow();

  constructor() {
    this.#delay.enable();
  }

  async read(): Promise<ProbeResult> {
    const rss: ProbeValue = {
      type: 'value',
      metric: 'rss',
      label: 'rss',
      kind: 'gauge',
      unit: 'bytes',
      value: process.memoryUsage.rss(),
      rank: 1,
    };
    const values = [this.#readCpu(), rss, this.#readOpenFiles(), this.#readDelay(), readThreads()];
    return { values, title: `pid ${process.pid}` };
  }

  async close(): Promise<void> {
    this.#delay.disable();
  }

  #readCpu(): ProbeValue {
    const row = { metric: 'cpu', label: 'cpu of 1 core', rank: 0 } as const;
    const at = monotonicNow();
    const lengthMs = at - this.#at;
    if (lengthMs < leastMs) return { type: 'gap', ...row, reason: 'needs a second reading' };
    const { user, system } = process.cpuUsage(this.#cpu);
    this.#cpu = process.cpuUsage();
    this.#at = at;
    return { type: 'value', ...row, kind: 'gauge', unit: 'ratio', value: (user + system) / 1000 / lengthMs };
  }

  #readOpenFiles(): ProbeValue {
    const row = { metric: 'descriptors', label: 'open files', rank: 2 } as const;
    const value = countOpenFiles(self);
    if (value === undefined) return { type: 'gap', ...row, reason: 'this system has no /proc/self/fd' };
    const limit = this.#openFileLimit;
    const level = openFilesLevel(value, limit);
    return {
      type: 'value',
      ...row,
      kind: 'gauge',
      unit: 'count',
      value,
      ...(limit !== undefined && { limit }),
      ...(level && { level }),
    };
  }

  #readDelay(): ProbeValue {
    const row = { metric: 'loop.delay', label: 'main loop delay', rank: 3 } as const;
    const nothing = this.#delay.count === 0;
    const p99 = this.#delay.percentile(99) / 1e6;
    this.#delay.reset();
    if (nothing) return { type: 'gap', ...row, reason: 'needs a second reading' };
    return { type: 'value', ...row, kind: 'gauge', unit: 'ms', value: Math.max(0, p99 - resolutionMs) };
  }
}

const readThreads = (): ProbeValue => {
  const row = { metric: 'threads', label: 'threads', rank: 4 } as const;
  const value = countThreads();
  if (value === undefined) return { type: 'gap', ...row, reason: 'this system has no /proc/self/status' };
  return { type: 'value', ...row, kind: 'gauge', unit: 'count', value };
};

const countThreads = (): number | undefined => {
  try {
    return parseProcessStatus(readFileSync(`${self}/status`, 'utf8')).threads;
  } catch {
    return undefined;
  }
};
