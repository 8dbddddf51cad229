// What the screen knows of runs that have not begun: the fields that are filled in before one, what they mean, and the way
// to start it. Whoever mounts the screen implements it; the screen knows nothing of profiles and engines.

/** The fields, in their order on the screen. */
export const fieldNames = ['target', 'load', 'rate', 'users', 'spawn', 'duration', 'connections'] as const;
export type FieldName = (typeof fieldNames)[number];

/** What stands in the fields; of `load`, which chooses the load model: `rate` or `users`. */
export type FieldTexts = Readonly<Record<FieldName, string>>;

/** What is wrong, as it is said to people. */
export interface Fault {
  readonly message: string;
  /** What to do about it. */
  readonly hint: string | undefined;
}

/** What would apply beside the fields: `timeout`, `10 s`. */
export interface BriefingLine {
  readonly label: string;
  readonly text: string;
  /** Not as it was asked for, or worth a look. */
  readonly warn?: boolean;
}

/** What the fields mean. */
export interface Briefing {
  /** What was expected in a field, where something else stands there. */
  readonly errors: Partial<Readonly<Record<FieldName, string>>>;
  /** What an empty field stands for. */
  readonly standIns: Partial<Readonly<Record<FieldName, string>>>;
  readonly lines: readonly BriefingLine[];
  /** What is wrong with all of it together. */
  readonly fault: Fault | undefined;
  /** One line for each run that has ended, oldest first. */
  readonly runs: readonly string[];
}

export type StartReply =
  | { readonly type: 'started' }
  /** Nothing was sent: it starts when `start` is called with this question as agreed to. */
  | { readonly type: 'asks'; readonly question: string }
  | { readonly type: 'refused'; readonly fault: Fault; readonly field?: FieldName | undefined };

export interface Lobby {
  /** What stands in the fields at first. */
  readonly first: FieldTexts;
  /** Why a field cannot be changed. */
  readonly fixed: Partial<Readonly<Record<FieldName, string>>>;
  /** Sends nothing; what was checked last is what others than the screen start. */
  check(texts: FieldTexts): Briefing;
  /** Prepares a run and starts it; never rejects. @param agreed the question that was answered with yes */
  start(texts: FieldTexts, agreed?: string): Promise<StartReply>;
  /** Is told when a run has begun, whoever started it. Returns what ends this. */
  onStart(listener: () => void): () => void;
  /** Takes the screen off, as soon as no run goes on. */
  leave(): void;
}
