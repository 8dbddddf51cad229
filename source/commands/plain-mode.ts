// --plain: the run in sentences, and commands typed as lines in place of keys. The terminal stays as it is: it echoes what is
// typed and moves no cursor. The end of the input ends nothing.

import { createInterface } from 'node:readline';
import type { Cancel } from '../common/clock.ts';
import { inWords } from '../outputs/in-words.ts';
import { Spoken } from '../outputs/spoken.ts';
import { bareLine, commandRows, parseCommandLine } from '../session/command-line.ts';
import type { Command } from '../session/commands.ts';
import type { Steerable } from '../session/control-answer.ts';
import { type Io, yesOrNo } from './terminal.ts';

export class PlainMode {
  /** What the run's events go to. */
  readonly output: Spoken;

  /** @param write takes whole lines: stdout */
  constructor(write: (text: string) => void) {
    this.output = new Spoken(write);
  }

  /** Follows a run, and carries out what is typed. */
  begin(run: Steerable, stdin: Io['stdin']): Cancel {
    this.output.follow(() => run.store.newest);
    const lines = createInterface({ input: stdin, terminal: false });
    // It passes on what becomes of the terminal, which is hangup.ts's to tell.
    lines.on('error', () => {});
    lines.on('line', (line) => this.take(line, run));
    return () => {
      lines.close();
      stdin.pause();
    };
  }

  /** Carries out a line and says what became of it. */
  take(line: string, run: Steerable): void {
    const text = bareLine(line);
    const word = text.toLowerCase();
    const answer = yesOrNo(word);
    if (word === '' || word === 'status') this.output.sayStatus();
    else if (word === 'help' || word === '?') this.#help();
    else if (answer !== undefined) this.#answer(answer, run);
    else this.#carryOut(text, run);
  }

  #help(): void {
    this.output.line('These can be typed, each on a line of its own:');
    for (const { name, argument, label } of commandRows) {
      // As it is typed: no capital letter.
      this.output.line(`${[name, argument].filter((part) => part !== '').join(' ')}: ${inWords(label)}.`);
    }
    this.output.line('status, or Enter alone: how the run is.');
  }

  #answer(yes: boolean, run: Steerable): void {
    if (run.store.newest.question === undefined) this.output.say('nothing was asked');
    else this.#dispatch({ type: 'question/answer', yes }, run);
  }

  #carryOut(text: string, run: Steerable): void {
    const { newest } = run.store;
    if (newest.run === undefined) {
      this.output.say('the run has not begun yet');
      return;
    }
    const parsed = parseCommandLine(text, newest);
    switch (parsed.type) {
      case 'command':
        this.#dispatch(parsed.command, run);
        break;
      case 'quit':
        this.#dispatch({ type: 'run/stop' }, run);
        break;
      case 'error':
        this.output.say(`not done: ${parsed.message}`);
        break;
      case 'nothing':
        this.output.sayStatus();
    }
  }

  /** What changed is a line of the log, which is said as it happens; the reply only where nothing was. */
  #dispatch(command: Command, run: Steerable): void {
    const before = this.output.count;
    const { type, text } = run.dispatch(command, 'command line');
    if (this.output.count > before) return;
    if (type === 'asked') this.output.ask(text);
    else this.output.say(type === 'done' ? `done: ${text}` : `not done: ${text}`);
  }
}
