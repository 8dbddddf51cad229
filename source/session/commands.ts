// What can be asked of a run while it runs, as data: a key, a `:` line and any later door make the same commands. Whether
// a command is carried out is the controller's decision.

/** A limit of the load that can be changed while it runs. */
export const limitNames = ['connections', 'max in flight', 'timeout', 'ceiling'] as const;
export type LimitName = (typeof limitNames)[number];

export type Command =
  /** Set the arrival rate (per second, the total); not in the closed model. */
  | { readonly type: 'rate/set'; readonly rate: number }
  /** Stay at the rate, or the number of users, of this moment, whatever the stages or a ramp would bring. */
  | { readonly type: 'rate/hold' }
  /** Go to a rate (in the closed model a number of users) linearly over a time. */
  | { readonly type: 'rate/ramp'; readonly rate: number; readonly overMs: number }
  /** Set the number of virtual users (the total); closed model only. */
  | { readonly type: 'users/set'; readonly users: number }
  /** Set how many users begin or leave per second from the next change on; closed model only. */
  | { readonly type: 'spawn/set'; readonly perSecond: number }
  /** Set a limit: a number, of the timeout ms, of the ceiling per second (users, in the closed model). */
  | { readonly type: 'limit/set'; readonly limit: LimitName; readonly value: number }
  /** Change the rate, in the closed model the users, by so many steps; the step follows the rate (README, "Steering"). */
  | { readonly type: 'rate/step'; readonly steps: number }
  /** Multiply the rate, or the users. */
  | { readonly type: 'rate/scale'; readonly factor: number }
  /** Nothing more is started and what waits is dropped. */
  | { readonly type: 'rate/zero' }
  /** Give the rate back to the profile's stages. */
  | { readonly type: 'rate/plan' }
  | { readonly type: 'run/pause'; readonly dropBacklog?: boolean }
  | { readonly type: 'run/resume' }
  | { readonly type: 'run/extend'; readonly byMs: number }
  /** Take the last change of the load back: its rate, users, spawn rate or limit, a pause. */
  | { readonly type: 'change/undo' }
  /** Answer the question that stands in the state: carry out what was asked, or leave it. */
  | { readonly type: 'question/answer'; readonly yes: boolean }
  /** Write a report of the run so far. */
  | { readonly type: 'report/write' }
  | { readonly type: 'marker/set'; readonly name?: string }
  /** End this phase as at its planned end, and go on to the next one. @param ask only where somebody says yes to it */
  | { readonly type: 'phase/next'; readonly ask?: boolean }
  /** End as at the planned end: what is in flight may finish. */
  | { readonly type: 'run/stop' }
  /** End at once: what is in flight is cut off. */
  | { readonly type: 'run/abort' };

/** Who asked: shown in the log. */
export type CommandSource =
  | 'key'
  | 'command line'
  | 'control socket'
  | 'SIGINT'
  | 'SIGTERM'
  | 'SIGHUP'
  | 'dead-man'
  | 'closed output';

/** What became of a command, told to whoever sent it. */
export interface Reply {
  /** `asked`: nothing has changed yet; `question/answer` decides. */
  readonly type: 'done' | 'refused' | 'asked';
  /** What changed, why it is refused, or what is asked. */
  readonly text: string;
}
