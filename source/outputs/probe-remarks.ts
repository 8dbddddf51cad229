// What the probes said in the course of a run that is worth a line at its end: the worst of each reading that was judged
// worth a look or wrong, restarts, silences. Bounded by the number of metrics, not by the length of the run.

import { probeName } from '../common/instance-names.ts';
import { measuredWords } from '../common/quantity.ts';
import { safeText } from '../common/safe-text.ts';
import { formatClock, formatCount } from '../common/units.ts';
import type { RunEvent } from '../session/events.ts';
import type { Output } from './output.ts';
import { folded, type Paint, type Tone } from './text-layout.ts';

type ProbeRead = Extract<RunEvent, { readonly type: 'probe/read' }>;
type Reading = Extract<ProbeRead['values'][number], { readonly type: 'value' }>;
type Fact = Extract<ProbeRead['values'][number], { readonly type: 'fact' }>;
type Noticed = Extract<RunEvent, { readonly type: 'probe/noticed' }>;

interface Worst {
  readonly probe: string;
  readonly reading: Reading;
  readonly at: number;
  /** Answers in which it was as bad as that. */
  readonly count: number;
}

interface Happened {
  readonly probe: string;
  readonly what: 'restart' | 'silence';
  readonly firstAt: number;
  readonly count: number;
}

/** A health that was not well, from its first such answer to the last. */
interface Unwell {
  readonly probe: string;
  /** The worst that it was. */
  readonly state: 'degraded' | 'down';
  /** What it said then. */
  readonly text: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Lines that are printed; the recording has them all. */
const shown = 10;

const severityOf = ({ level }: Reading): number => (level === 'bad' ? 2 : level === 'warn' ? 1 : 0);

/** How far a value went: of its limit, where it has one. */
const extentOf = ({ value, limit }: Reading): number => (limit ? value / limit : Math.abs(value));

const isWorse = (a: Reading, b: Reading): boolean =>
  severityOf(a) > severityOf(b) || (severityOf(a) === severityOf(b) && extentOf(a) > extentOf(b));

export class ProbeRemarks implements Output {
  readonly name = 'remarks on probes';
  readonly #worst = new Map<string, Worst>();
  readonly #happened = new Map<string, Happened>();
  readonly #unwell = new Map<string, Unwell>();
  /** Of ourselves the generator's verdict speaks. */
  readonly #own = new Set<string>();
  /** What the screen calls them, by id. */
  readonly #names = new Map<string, string>();

  async open(): Promise<void> {}

  take(event: RunEvent): void {
    if (event.type === 'run/opened') {
      const { probes } = event.run;
      for (const probe of probes) {
        this.#names.set(probe.id, probeName(probe, probes));
        if (probe.kind === 'process') this.#own.add(probe.id);
      }
    }
    if (event.type === 'probe/read' && !this.#own.has(event.probe)) this.#takeRead(event);
    if (event.type === 'probe/noticed') this.#takeNotice(event);
  }

  async close(): Promise<void> {}

  /** The section of the summary, heading first; empty where there is nothing to say. */
  lines(paint: Paint): string[] {
    const worst = [...this.#worst.values()].toSorted((a, b) => severityOf(b.reading) - severityOf(a.reading));
    const lines: (readonly [Tone, string])[] = [
      ...[...this.#unwell.values()].map((each): readonly [Tone, string] => [
        each.state === 'down' ? 'bad' : 'warn',
        unwellText(each),
      ]),
      ...[...this.#happened.values()].map((happened): readonly [Tone, string] => ['warn', happenedText(happened)]),
      ...worst.map((each): readonly [Tone, string] => [each.reading.level === 'bad' ? 'bad' : 'warn', worstText(each)]),
    ];
    if (lines.length === 0) return [];
    const left = lines.length - shown;
    return [
      paint('heading', 'Probes'),
      ...lines.slice(0, shown).flatMap(([tone, text]) => folded(safeText(text)).map((line) => paint(tone, line))),
      ...(left > 0 ? [`  and ${formatCount(left)} more`] : []),
    ];
  }

  #takeRead({ probe, at, values }: ProbeRead): void {
    for (const value of values) {
      if (value.type === 'fact' && value.metric === 'status') this.#takeState(probe, at, value);
      if (value.type !== 'value' || severityOf(value) === 0) continue;
      const key = `${probe}/${value.metric}`;
      const name = named(this.#nameOf(probe), values);
      const before = this.#worst.get(key);
      const step = severityOf(value) - (before ? severityOf(before.reading) : 0);
      if (step < 0) continue;
      const kept = before && !isWorse(value, before.reading) ? before : { probe: name, reading: value, at };
      this.#worst.set(key, { ...kept, count: step > 0 ? 1 : (before?.count ?? 0) + 1 });
    }
  }

  #takeState(probe: string, at: number, { state, text }: Fact): void {
    if (state !== 'degraded' && state !== 'down') return;
    const before = this.#unwell.get(probe);
    const worse = before === undefined || (before.state === 'degraded' && state === 'down');
    const firstAt = before?.firstAt ?? at;
    const name = this.#nameOf(probe);
    this.#unwell.set(probe, worse ? { probe: name, state, text, firstAt, lastAt: at } : { ...before, lastAt: at });
  }

  #takeNotice({ probe, what, level, at }: Noticed): void {
    if ((what !== 'restart' && what !== 'silence') || (what === 'silence' && level === 'info')) return;
    const key = `${probe}/${what}`;
    const before = this.#happened.get(key);
    const name = this.#nameOf(probe);
    this.#happened.set(key, { probe: name, what, firstAt: before?.firstAt ?? at, count: (before?.count ?? 0) + 1 });
  }

  #nameOf(probe: string): string {
    return this.#names.get(probe) ?? probe;
  }
}

/** A store that is not what it looks like is named with what it is: `mongodb (simulated mongod)`. */
const named = (probe: string, values: ProbeRead['values']): string => {
  const program = values.find(({ type, metric }) => type === 'fact' && metric === 'process');
  return program?.type === 'fact' ? `${probe} (${program.text})` : probe;
};

/** `health: down: 503 unavailable, between 0:03 and 0:41`. */
const unwellText = ({ probe, text, firstAt, lastAt }: Unwell): string =>
  `${probe}: ${text}, ${firstAt === lastAt ? 'at' : `between ${formatClock(firstAt)} and`} ${formatClock(lastAt)}`;

/** `metrics fell silent at 4:04`, `mongodb was restarted 2 times, first at 1:10`. */
const happenedText = ({ probe, what, firstAt, count }: Happened): string => {
  const verb = what === 'restart' ? 'was restarted' : 'fell silent';
  const when =
    count === 1 ? `at ${formatClock(firstAt)}` : `${formatCount(count)} times, first at ${formatClock(firstAt)}`;
  return `${probe} ${verb} ${when}`;
};

/** `mongodb: lock queue 412, bad in 12 answers, the worst at 4:05`. */
const worstText = ({ probe, reading, at, count }: Worst): string => {
  const judged = reading.level === 'bad' ? 'bad' : 'worth a look';
  const often = count === 1 ? 'in one answer' : `in ${formatCount(count)} answers, the worst`;
  return `${probe}: ${reading.label} ${measuredWords(reading)}, ${judged} ${often} at ${formatClock(at)}`;
};
