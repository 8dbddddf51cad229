// The run in sentences, one a line, for who listens to it: each line of the log as it happens, what is asked, and every ten
// seconds how the run is. No colours, no symbols, nothing that moves a cursor. What is typed is commands/plain-mode.ts.

import { phaseText } from '../common/phase-place.ts';
import { formatCount, formatLoad } from '../common/units.ts';
import type { RunEvent } from '../session/events.ts';
import type { LogLine, RunState } from '../session/state.ts';
import { inWords, sentence, spanWords } from './in-words.ts';
import { modelText } from './model-text.ts';
import type { Output } from './output.ts';
import { statusSentence } from './status-sentence.ts';

/** How often it is said how the run is, seconds. */
const statusEvery = 10;

export class Spoken implements Output {
  readonly name = 'sentences';
  readonly #write: (text: string) => void;
  #state: () => RunState | undefined = () => undefined;
  #lastSpoken = -1;
  #asked: string | undefined;
  /** Lines whose effect was told. */
  readonly #settled = new Set<number>();
  /** Sentences so far. */
  count = 0;

  /** @param write takes whole lines: stdout */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}

  /** Reads the log of a run from here on. @param state after the event that is taken */
  follow(state: () => RunState): void {
    this.#state = state;
    this.#lastSpoken = -1;
    this.#asked = undefined;
    this.#settled.clear();
  }

  /** Says something as a sentence. */
  say(text: string): void {
    this.line(sentence(text));
  }

  /** Says something as it is: an address or a path is not read out. */
  line(text: string): void {
    this.count += 1;
    this.#write(`${text}\n`);
  }

  sayStatus(): void {
    const state = this.#state();
    if (state) this.line(statusSentence(state));
  }

  take(event: RunEvent): void {
    if (event.type === 'slice/closed' || event.type === 'probe/read' || event.type === 'probe/failed') return;
    const state = this.#state();
    if (!state) return;
    if (event.type === 'run/opened') this.#begin(event);
    else this.#readLog(state);
    this.#lastSpoken = event.sequence;
    this.#ask(state);
    if (event.type === 'second/closed' && !event.second.late && (event.second.second + 1) % statusEvery === 0) {
      this.sayStatus();
    }
  }

  #begin({ run, plan }: Extract<RunEvent, { readonly type: 'run/opened' }>): void {
    const [first] = plan.segments;
    const load = first && Number.isFinite(first.from) ? `, at first ${inWords(formatLoad(run.model, first.from))}` : '';
    const ends = [
      ...(run.durationMs === undefined ? [] : [`for ${spanWords(run.durationMs)}`]),
      ...(run.limit === undefined ? [] : [`for ${formatCount(run.limit)} iterations`]),
    ];
    const paced = run.model === 'open' || run.model === 'closed' ? load : '';
    const phase = run.phase ? `, ${phaseText(run.phase)}` : '';
    this.say(
      `the load has begun: ${run.name}${phase}, to ${run.target}, ${modelText(run.model)}${paced}, ${ends.join(' or ') || 'until it is stopped'}`,
    );
    // Once is enough.
    if ((run.phase?.number ?? 1) > 1) return;
    this.say('type help and Enter to hear what can be typed; Enter alone tells how the run is; Control C ends it');
  }

  #readLog({ log, question }: RunState): void {
    const fresh = log.slice(1 + log.findLastIndex(({ sequence }) => sequence <= this.#lastSpoken));
    for (const { level, text } of fresh) {
      // What is asked is said as a question.
      if (question === undefined || !text.includes(question.text)) this.say(`${alarm(level, text)}${text}`);
    }
    for (const { sequence, text, effect } of log.slice(-20)) {
      if (effect === undefined || this.#settled.has(sequence)) continue;
      this.#settled.add(sequence);
      this.say(`what came of it: ${text}: ${effect}`);
    }
  }

  #ask({ question }: RunState): void {
    if (question !== undefined && question.text !== this.#asked) this.ask(question.text);
    this.#asked = question?.text;
  }

  /** Says a question, and how it is answered. */
  ask(text: string): void {
    this.#asked = text;
    this.line(`Question: ${sentence(text)} Type yes or no.`);
  }
}

const alarm = (level: LogLine['level'], text: string): string => {
  if (level === 'bad') return 'trouble: ';
  return level === 'warn' && !text.startsWith('refused') ? 'warning: ' : '';
};
