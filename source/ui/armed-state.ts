// What the armed screen knows: what stands in its fields, where the cursor is, and what became of Enter. Pure: keys in, the
// next state and what is to be done out. What the fields mean is the lobby's; how they look is screens/armed.tsx.

import { bindingOf } from './keymap.ts';
import { type Fault, type FieldName, type FieldTexts, fieldNames, type Lobby, type StartReply } from './lobby.ts';
import { edit, insert, type Prompt } from './prompt.ts';

/** `asks`: a question stands there that only yes or no answers. */
export type ArmedStatus =
  | { readonly type: 'open' }
  /** `agreed`: the question that was answered with yes. */
  | { readonly type: 'starting'; readonly agreed?: string }
  | { readonly type: 'asks'; readonly question: string };

export interface Armed {
  readonly texts: FieldTexts;
  /** Why a field cannot be changed. */
  readonly fixed: Lobby['fixed'];
  readonly field: FieldName;
  /** UTF-16 units of the field's text before the cursor. */
  readonly cursor: number;
  /** What stood in the field when it was come to: Esc brings it back. */
  readonly before: string;
  readonly status: ArmedStatus;
  /** Why the last start came to nothing. */
  readonly fault: Fault | undefined;
  /** Runs that were started. */
  readonly runs: number;
}

/** What is to be done: start a run, leave the program, open the help. */
export type ArmedDeed = 'start' | 'leave' | 'help' | 'suspend';

export interface ArmedStep {
  readonly armed: Armed;
  readonly deed?: ArmedDeed;
}

/** URLs may be long. */
const longestText = 500;

/** The fields of the load model that is chosen. */
export const fieldsOf = ({ load }: FieldTexts): readonly FieldName[] =>
  fieldNames.filter((name) => (load === 'users' ? name !== 'rate' : name !== 'users' && name !== 'spawn'));

/** The amount of load: what is changed most often, so that the cursor stands there at first. */
const amountOf = ({ load }: FieldTexts): FieldName => (load === 'users' ? 'users' : 'rate');

export const armedAt = ({ first, fixed }: Pick<Lobby, 'first' | 'fixed'>): Armed => {
  const base = { texts: first, fixed, status: { type: 'open' }, fault: undefined, runs: 0 } as const;
  return entered(base, amountOf(first));
};

type Unplaced = Omit<Armed, 'field' | 'cursor' | 'before'>;

/** The cursor goes to the end of a field. */
const entered = (armed: Unplaced, field: FieldName): Armed => ({
  ...armed,
  field,
  cursor: armed.texts[field].length,
  before: armed.texts[field],
});

const promptOf = ({ texts, field, cursor }: Armed): Prompt => ({ text: texts[field], cursor, error: undefined });

/** What was wrong is not said any more once something has changed. */
const written = (armed: Armed, { text, cursor }: Prompt): Armed =>
  text === armed.texts[armed.field]
    ? { ...armed, cursor }
    : { ...armed, texts: { ...armed.texts, [armed.field]: text }, cursor, fault: undefined };

/** The field holds text that can be changed. */
const isText = ({ field, fixed }: Armed): boolean => field !== 'load' && fixed[field] === undefined;

const moved = (armed: Armed, by: 1 | -1): Armed => {
  const fields = fieldsOf(armed.texts).filter((name) => armed.fixed[name] === undefined);
  const at = fields.indexOf(armed.field);
  return entered(armed, fields[(at + by + fields.length) % fields.length] ?? armed.field);
};

const otherModel = (armed: Armed): Armed => {
  const load = armed.texts.load === 'users' ? 'rate' : 'users';
  return { ...armed, texts: { ...armed.texts, load }, fault: undefined };
};

/** What a key means on the armed screen. */
export const armedAfter = (armed: Armed, token: string): ArmedStep => {
  if (token === 'ctrl+c') return { armed, deed: 'leave' };
  if (token === 'ctrl+z') return { armed, deed: 'suspend' };
  switch (armed.status.type) {
    case 'starting':
      return token === 'q' ? { armed, deed: 'leave' } : { armed };
    case 'asks':
      // Any other key is a no: no load is sent abroad by chance.
      return bindingOf(token, 'question')?.intent.type === 'yes'
        ? { armed: { ...armed, status: { type: 'starting', agreed: armed.status.question } }, deed: 'start' }
        : { armed: { ...armed, status: { type: 'open' } } };
    case 'open':
      return whileOpen(armed, token);
  }
};

const whileOpen = (armed: Armed, token: string): ArmedStep => {
  if (isText(armed)) {
    const edited = edit(promptOf(armed), token);
    if (edited !== undefined) return { armed: written(armed, edited) };
  }
  const isCharacter = [...token].length === 1;
  // A URL may have any character in it.
  const binding = isCharacter && armed.field === 'target' && isText(armed) ? undefined : bindingOf(token, 'armed');
  switch (binding?.intent.type) {
    case 'start':
      return { armed: { ...armed, status: { type: 'starting' }, fault: undefined }, deed: 'start' };
    case 'field':
      return { armed: moved(armed, token === 'tab' || token === 'down' ? 1 : -1) };
    case 'model':
      return { armed: armed.field === 'load' ? otherModel(armed) : armed };
    case 'restore':
      return { armed: written(armed, { text: armed.before, cursor: armed.before.length, error: undefined }) };
    case 'help':
      return { armed, deed: 'help' };
    case 'quit':
      return { armed, deed: 'leave' };
    default:
      return { armed: isCharacter ? typedInto(armed, token) : armed };
  }
};

/** The state with a text at the cursor: typed, or pasted. */
export const typedInto = (armed: Armed, text: string): Armed =>
  isText(armed) && armed.status.type === 'open' ? written(armed, insert(promptOf(armed), text, longestText)) : armed;

/** The state after what came of starting; a run that has begun is told of apart. */
export const answered = (armed: Armed, reply: StartReply): Armed => {
  if (armed.status.type !== 'starting') return armed;
  switch (reply.type) {
    case 'started':
      return armed;
    case 'asks':
      return { ...armed, status: { type: 'asks', question: reply.question } };
    case 'refused': {
      const open: Armed = { ...armed, status: { type: 'open' }, fault: reply.fault };
      const { field } = reply;
      const elsewhere = field !== undefined && field !== armed.field && fieldsOf(armed.texts).includes(field);
      return elsewhere ? entered(open, field) : open;
    }
  }
};

/** The fields as they are come back to, after a run. */
export const reopened = (armed: Armed): Armed =>
  entered({ ...armed, status: { type: 'open' }, fault: undefined }, amountOf(armed.texts));

/** One run more has begun. */
export const started = (armed: Armed): Armed => ({
  ...armed,
  status: { type: 'open' },
  fault: undefined,
  runs: armed.runs + 1,
});
