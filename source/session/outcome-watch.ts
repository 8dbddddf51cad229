// Tells when a class of outcomes that are not good begins to matter, and when it is over: what a log must say, and no chart
// can. One that comes and goes must be away for longer each time before it is called over, so that it cannot fill the log.

import { formatCount, formatLength, formatShare } from '../common/units.ts';
import { byClass } from '../measure/by-class.ts';
import { type OutcomeClass, outcomeClasses } from '../measure/outcome.ts';
import { outcomesOf, type Second } from '../measure/second.ts';
import type { EventBody } from './events.ts';

/** A class matters from so many requests of a second and this share of them on; half of them matter however few. */
const leastCount = 3;
const leastShare = 0.01;
const halfOfThem = 0.5;
/** From this share on it is as bad as it sounds. */
const badShare = 0.1;
/** A class in trouble is calm in seconds with less than this share. */
const calmShare = leastShare / 2;
/** Seconds of calm after which it is over, twice as many after each time, and at most so many. */
const calmSeconds = 5;
const mostCalmSeconds = 300;
/** Classes that a line names. */
const mostNamed = 2;

/** The classes that answers end in when all is well. */
const fine: ReadonlySet<OutcomeClass> = new Set<OutcomeClass>(['2xx', '3xx']);

interface Watched {
  /** Run time at which its newest trouble began, ms; undefined while there is none. */
  since: number | undefined;
  /** Run time until which it mattered, ms. */
  until: number;
  /** Requests since it began. */
  count: number;
  calm: number;
  /** How often it was over. */
  times: number;
}

interface Counted {
  readonly name: OutcomeClass;
  readonly count: number;
  readonly share: number;
  readonly completed: boolean;
}

type Noticed = Extract<EventBody, { type: 'outcomes/noticed' }>;

export class OutcomeWatch {
  readonly #watched = new Map<OutcomeClass, Watched>();

  /** What a second that closed tells; one in which nothing ended tells nothing. */
  take(second: Second): readonly Noticed[] {
    const counts = countedIn(second);
    if (second.late || counts.length === 0) return [];
    const fromMs = second.second * 1000;
    const toMs = fromMs + second.lengthMs;
    const began = counts.filter((one) => this.#begins(one, fromMs, toMs));
    const known = new Map(counts.map((one) => [one.name, one]));
    const over = [...this.#watched].flatMap(([name, watched]) => this.#over(name, watched, known.get(name), toMs));
    return [...(began.length > 0 ? [beginning(began)] : []), ...over];
  }

  #begins({ name, count, share, completed }: Counted, fromMs: number, toMs: number): boolean {
    if (fine.has(name)) return false;
    const known = this.#watched.get(name);
    if (known?.since !== undefined) return false;
    // That a target did not answer at all is worth knowing from the first time on.
    const isNew = known === undefined && !completed;
    const matters = (count >= leastCount && share >= leastShare) || share >= halfOfThem;
    if (!isNew && !matters) return false;
    this.#watched.set(name, { since: fromMs, until: toMs, count: 0, calm: 0, times: known?.times ?? 0 });
    return true;
  }

  #over(name: OutcomeClass, watched: Watched, counted: Counted | undefined, toMs: number): readonly Noticed[] {
    if (watched.since === undefined) return [];
    const { count = 0, share = 0 } = counted ?? {};
    watched.count += count;
    if (count > 0) watched.until = toMs;
    watched.calm = share < calmShare ? watched.calm + 1 : 0;
    if (watched.calm < Math.min(mostCalmSeconds, calmSeconds * 2 ** watched.times)) return [];
    const length = formatLength(watched.until - watched.since);
    const requests = watched.count === 1 ? '1 request' : `${formatCount(watched.count)} requests`;
    watched.since = undefined;
    watched.times += 1;
    return [{ type: 'outcomes/noticed', level: 'info', text: `${name} is over after ${length}: ${requests}` }];
  }
}

const countedIn = (second: Second): readonly Counted[] => {
  const groups = byClass(outcomesOf(second));
  const all = groups.reduce((sum, { count }) => sum + count, 0);
  return groups.map(({ outcome, count }) => {
    const { name, completed } = outcomeClasses[outcome]!;
    return { name, count, share: count / all, completed };
  });
};

/** `refused and reset began: 84 % and 5.7 % of the requests`. */
const beginning = (began: readonly Counted[]): Noticed => {
  const worst = began.toSorted((a, b) => b.share - a.share);
  const named = worst.slice(0, mostNamed);
  const names = named.map(({ name }) => name);
  const more = worst.length - named.length;
  const all = more > 0 ? `${names.join(', ')} and ${more} more` : names.join(' and ');
  const shares = named.map(({ share }) => formatShare(share)).join(' and ');
  return {
    type: 'outcomes/noticed',
    level: worst[0]!.share >= badShare ? 'bad' : 'warn',
    text: `${all} began: ${shares} of the requests`,
  };
};
