// What a row of the tables of flags is. The rows are in load-flags.ts, connection-flags.ts and flags.ts, which joins them.

export type FlagGroup = 'Load' | 'Request' | 'Connection' | 'Limits' | 'Probes' | 'Output' | 'Other';

export interface Flag {
  /** Long name as it is typed, without dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Further names, long or of one letter, that people bring with them from other tools. */
  readonly aliases?: readonly string[];
  /** `list` may be given several times; a `switch` takes no value. */
  readonly type: 'text' | 'list' | 'switch';
  /** Name of the value in the help. */
  readonly value?: string;
  /** A value that works, for messages. */
  readonly example?: string;
  /** What holds without the flag, in words. */
  readonly default?: string;
  readonly group: FlagGroup;
  readonly help: string;
}
