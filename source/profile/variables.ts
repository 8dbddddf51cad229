// Variables of a profile: what it declares, where a value comes from (--set, the environment, .env, a default), and
// `${NAME}` in a text. Pure; walking through a file's values is replace-variables.ts, reading .env is load-profile.ts.

import { didYouMean } from '../common/did-you-mean.ts';

/** A variable as the profile declares it. */
export interface Declaration {
  readonly name: string;
  readonly aliases: readonly string[];
  /** May hold variables itself. */
  readonly text: string | undefined;
  /** Undefined: as its name sounds. */
  readonly secret: boolean | undefined;
  readonly description: string | undefined;
}

/** Where values may come from, beside the profile. */
export interface VariableSources {
  /** As `--set` says, the last of a name counts. */
  readonly set: ReadonlyMap<string, string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What `.env` says: asked only where the rest says nothing. */
  readonly dotEnv: () => Readonly<Record<string, string | undefined>>;
}

export type ValueOrigin = '--set' | 'the environment' | '.env' | 'default';

/** A variable and what became of it. */
export interface Variable {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Undefined: not set. A secret's is for the load alone. */
  readonly text: string | undefined;
  readonly from: ValueOrigin | undefined;
  readonly secret: boolean;
  readonly description: string | undefined;
}

/** A variable where it is used, or what looks like one and is none. */
interface Use {
  /** Undefined: not a variable. */
  readonly name: string | undefined;
  /** What stands after `:-`. */
  readonly fallback: string | undefined;
  readonly source: string;
}

type Piece = string | Use;

/** What is wrong with a text that has variables in it. */
export interface TextFault {
  readonly found: string;
  readonly expected: string;
}

/** A text with its variables replaced. */
export interface Replaced {
  readonly text: string;
  /** It was one variable and nothing else. */
  readonly whole: boolean;
  readonly variables: readonly Variable[];
  readonly faults: readonly TextFault[];
}

/** Defaults within defaults, and braces within braces: more are a mistake, and would overflow the stack. */
const deepest = 100;

const usePattern = /^([A-Za-z_]\w*)(?::-([\s\S]*))?$/;

/** A name that may be set from outside. */
export const isVariableName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text);

/** Whether a name says that its value is a secret: `API_TOKEN`, but not `MAX_TOKENS`. */
export const soundsSecret = (name: string): boolean =>
  /(?:token|secret|password|passwd|credentials?|(?:api|auth|access|private)_?key)$/i.test(name);

/** The text in pieces; `$${` becomes `${`. */
const piecesOf = (text: string): readonly Piece[] => {
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', from)) {
    if (text[at - 1] === '$' && at > from) {
      pieces.push(`${text.slice(from, at - 1)}\${`);
      from = at + 2;
      continue;
    }
    const to = closingBrace(text, at + 2);
    if (at > from) pieces.push(text.slice(from, at));
    if (to === undefined) return [...pieces, { name: undefined, fallback: undefined, source: text.slice(at, at + 40) }];
    pieces.push(readUse(text.slice(at, to)));
    from = to;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
};

/** The place after the brace that closes, the text's end where none does; undefined for more braces than anybody writes. */
const closingBrace = (text: string, from: number): number | undefined => {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
    if (depth > deepest) return undefined;
  }
  return text.length;
};

const readUse = (source: string): Use => {
  const [, name, fallback] = (source.endsWith('}') ? usePattern.exec(source.slice(2, -1)) : null) ?? [];
  return { name, fallback, source };
};

/** A variable, and why its default is none. */
interface Resolved {
  readonly variable: Variable;
  readonly faults: readonly TextFault[];
}

/** The values of a profile's variables, each found out when it is first used. */
export class Variables {
  readonly #declared: readonly Declaration[];
  /** By names and aliases. */
  readonly #byName = new Map<string, Declaration>();
  readonly #sources: VariableSources;
  readonly #used = new Map<string, Resolved>();

  constructor(declared: readonly Declaration[], sources: VariableSources) {
    this.#declared = declared;
    for (const each of declared) {
      for (const name of [each.name, ...each.aliases]) if (!this.#byName.has(name)) this.#byName.set(name, each);
    }
    this.#sources = sources;
  }

  /** Declared ones first, then those that are only used; each as it is set. */
  all(): readonly Variable[] {
    const declared = this.#declared.map(({ name }) => this.#variable(name, []).variable);
    const names = new Set(declared.map(({ name }) => name));
    const others = [...this.#used.values()].map(({ variable }) => variable).filter(({ name }) => !names.has(name));
    return [...declared, ...others];
  }

  /** The text with every variable replaced; what has no value stays, and is a fault. */
  replace(text: string): Replaced {
    return this.#replace(text, []);
  }

  /** @param via names whose defaults led here */
  #replace(text: string, via: readonly string[]): Replaced {
    const pieces = piecesOf(text);
    const variables: Variable[] = [];
    const faults: TextFault[] = [];
    const texts = pieces.map((piece) => {
      if (typeof piece === 'string') return piece;
      const value = this.#valueOf(piece, via);
      variables.push(...value.variables);
      faults.push(...value.faults);
      return value.text;
    });
    return { text: texts.join(''), whole: pieces.length === 1 && typeof pieces[0] !== 'string', variables, faults };
  }

  #valueOf({ name, fallback, source }: Use, via: readonly string[]): Omit<Replaced, 'whole'> {
    if (name === undefined) {
      const expected = 'a variable such as ${NAME} or ${NAME:-default} (write $${ for ${ itself)';
      return { text: source, variables: [], faults: [{ found: JSON.stringify(source), expected }] };
    }
    const { variable, faults } = this.#variable(name, via);
    if (variable.text !== undefined && !(variable.text === '' && fallback !== undefined)) {
      return { text: variable.text, variables: [variable], faults: [] };
    }
    if (fallback !== undefined) {
      const inner = this.#replace(fallback, via);
      const known: Variable = { ...variable, text: inner.text, from: 'default' };
      if (via.length === 0) this.#used.set(known.name, { variable: known, faults: [] });
      return { text: inner.text, variables: [known, ...inner.variables], faults: inner.faults };
    }
    if (faults.length > 0) return { text: source, variables: [variable], faults };
    if (via.length > deepest) {
      const expected = `defaults that lead on at most ${deepest} times`;
      return { text: source, variables: [variable], faults: [{ found: `\${${name}}`, expected }] };
    }
    const fault = via.includes(variable.name)
      ? { found: `\${${name}} in its own default`, expected: 'a default that does not lead back to its variable' }
      : { found: `\${${name}}, which is not set`, expected: `${howToSet(variable)}${this.#meant(variable)}` };
    return { text: source, variables: [variable], faults: [fault] };
  }

  /** Whether a name that nobody declared is one that somebody did, mistyped. */
  #meant({ name }: Variable): string {
    const names = this.#declared.map((each) => each.name);
    const near = names.includes(name) ? undefined : didYouMean(name, names);
    return near === undefined ? '' : ` (did you mean \${${near}}?)`;
  }

  #variable(called: string, via: readonly string[]): Resolved {
    const declared = this.#byName.get(called);
    const name = declared?.name ?? called;
    const known = this.#used.get(name);
    // What one place falls back to is no value for another.
    if (known && !(known.variable.from === 'default' && declared?.text === undefined)) return known;
    const about = {
      name,
      aliases: declared?.aliases ?? [],
      secret: declared?.secret ?? soundsSecret(name),
      description: declared?.description,
    };
    const [from, text] = this.#outside([name, ...about.aliases]) ?? [];
    const isEnd = via.includes(name) || via.length > deepest;
    if (from !== undefined || isEnd || declared?.text === undefined) {
      return this.#keep({ variable: { ...about, text, from }, faults: [] }, via);
    }
    const { text: filled, faults, variables } = this.#replace(declared.text, [...via, name]);
    const secret = about.secret || variables.some((each) => each.secret);
    const variable: Variable =
      faults.length > 0
        ? { ...about, secret, text: undefined, from: undefined }
        : { ...about, secret, text: filled, from: 'default' };
    return this.#keep({ variable, faults }, via);
  }

  /** What was found out within a default may be half the truth: its own loop. */
  #keep(resolved: Resolved, via: readonly string[]): Resolved {
    if (via.length === 0) this.#used.set(resolved.variable.name, resolved);
    return resolved;
  }

  /** An empty text in the environment or in .env says nothing. */
  #outside(names: readonly string[]): readonly [ValueOrigin, string] | undefined {
    const { set, environment, dotEnv } = this.#sources;
    const places: readonly (readonly [ValueOrigin, (name: string) => string | undefined])[] = [
      ['--set', (name) => set.get(name)],
      ['the environment', (name) => own(environment, name) || undefined],
      ['.env', (name) => own(dotEnv(), name) || undefined],
    ];
    for (const [from, read] of places) {
      for (const name of names) {
        const text = read(name);
        if (text !== undefined) return [from, text];
      }
    }
    return undefined;
  }
}

const own = (values: Readonly<Record<string, string | undefined>>, name: string): string | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

/** What is expected where a variable has no value. Secrets on a command line can be read by everybody on the machine. */
const howToSet = ({ name, aliases, secret, description }: Variable): string => {
  const names = [name, ...aliases].join(' or ');
  const what = description === undefined ? '' : ` (${description})`;
  return `a value${what}: ${names} in the environment or in .env${secret ? '' : `, or --set ${name}=VALUE`}`;
};

/** A text as YAML types a plain scalar: `20` is a number, `true` is true, `10k` is a text. */
export const typedScalar = (text: string): string | number | boolean | null => {
  if (/^(?:~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  const isNumber =
    /^(?:[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+)$/.test(text) || /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text);
  const value = isNumber ? Number(text) : Number.NaN;
  // A long number would lose its last digits.
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : text;
};
