// What can be asked of a run while it runs, as data: a key, a `:` line and any later door make the same commands. Whether
// a command is carried out is the controller's decision.

export type Command =
  /** Set the arrival rate (per second, the total). */
  | { readonly type: 'rate/set'; readonly rate: number }
  /** Change the rate by so many steps; the step follows the rate (README, "Steering"). */
  | { readonly type: 'rate/step'; readonly steps: number }
  /** Multiply the rate. */
  | { readonly type: 'rate/scale'; readonly factor: number }
  /** Nothing more is started and what waits is dropped. */
  | { readonly type: 'rate/zero' }
  /** Give the rate back to the profile's stages. */
  | { readonly type: 'rate/plan' }
  | { readonly type: 'run/pause'; readonly dropBacklog?: boolean }
  | { readonly type: 'run/resume' }
  | { readonly type: 'run/extend'; readonly byMs: number }
  | { readonly type: 'marker/set'; readonly name?: string }
  /** End as at the planned end: what is in flight may finish. */
  | { readonly type: 'run/stop' }
  /** End at once: what is in flight is cut off. */
  | { readonly type: 'run/abort' };

/** Who asked: shown in the log. */
export type CommandSource = 'key' | 'command line' | 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'dead-man' | 'closed output';
