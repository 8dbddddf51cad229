// Reads the text of a profile in YAML, and so in JSON, and knows where each part of it stands. The only place that knows
// yaml; reading the file itself is load-profile.ts.

import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { errorMessage, UserError } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import { formatCount } from '../common/units.ts';
import type { KeyPath, Source } from './source.ts';

/** Values that aliases may stand for in all: more is a file that unfolds without bound. */
const mostAliases = 10_000;

/**
 * The data of a file.
 * @param limit what is said of all that is wrong
 * @throws UserError naming each fault with its place.
 */
export const yamlSource = (file: string, text: string, limit: (texts: readonly string[]) => string): Source => {
  const language = /\.json$/i.test(file) ? 'JSON' : 'YAML';
  const lines = new LineCounter();
  const document = parseDocument(hideVariables(text), { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const troubles = yamlTroubles(document, language);
  if (troubles.length > 0) {
    const shown = troubles.map(([at, what]) => {
      const { line, col } = lines.linePos(at);
      return `${file}:${line}:${col}  ${what}`;
    });
    throw new UserError(limit(shown));
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    throw new UserError(`${file}: found an empty file, expected a profile`, {
      hint: 'the least there can be: target: http://localhost:3000 and steps: [{ get: /health }]',
    });
  }
  if (!hiddenMarks.test(text)) showVariables(document);
  return {
    file,
    data: dataOf(file, document),
    placeOf: (path) => {
      const { line, col } = lines.linePos(offsetOf(document, path));
      return `${file}:${line}:${col}`;
    },
    // JSON has no other way to write a variable.
    isQuoted: (path) => language === 'YAML' && isQuoted(document, path),
  };
};

const dataOf = (file: string, document: Document): unknown => {
  try {
    return document.toJS({ maxAliasCount: mostAliases });
  } catch (error) {
    const why = /alias count/i.test(errorMessage(error))
      ? `its aliases unfold to more than ${formatCount(mostAliases)} values`
      : safeText(errorMessage(error));
    throw new UserError(`${file}: not a usable profile: ${why}`, { cause: error });
  }
};

/** What makes the text no usable YAML, each with its offset. */
const yamlTroubles = (document: Document, language: string): readonly (readonly [offset: number, what: string])[] => {
  const troubles = [...document.errors, ...document.warnings].map(({ pos, code, message }): [number, string] => [
    pos[0],
    code === 'DUPLICATE_KEY'
      ? 'found a key for the second time, expected each key once'
      : `not valid ${language}: ${wordsOf(code, safeText(shown(message)), language)}`,
  ]);
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return;
      troubles.push([alias.range?.[0] ?? 0, `found *${safeText(alias.source)}, expected a name set before with &`]);
    },
  });
  return troubles;
};

/** What the parser says, in the words of the language at hand. */
const wordsOf = (code: string, message: string, language: string): string => {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here, expected one profile in a file';
  if (/call stack/i.test(message)) return 'values are nested deeper here than can be read, expected some levels';
  if (language !== 'JSON') return message;
  return message
    .replaceAll(/flow[ -]map(?:ping)?\b/gi, 'object')
    .replaceAll(/flow[ -]seq(?:uence)?\b/gi, 'list')
    .replace(' in YAML stream', '')
    .replace(/ in block collection.* (?=and end with)/, ' ')
    .replace(/^(object|list) (?:and|must) end with an? /, 'the $1 that begins before does not end, expected ');
};

// A variable may stand bare in `{ bearer: ${TOKEN} }`, where its braces would be YAML's own: while the text is parsed,
// characters that belong to no language stand in their places, one for one, so that lines and columns stay.
const hidden = '{}[],:#';
const firstHidden = 0xfdd0;
const hiddenMarks = /[\ufdd0-\ufdd6]/;

const hideVariables = (text: string): string => {
  // Whoever writes such characters means them.
  if (hiddenMarks.test(text)) return text;
  return text.replaceAll(/\$\{[^{}\n"']*\}/g, (variable) =>
    variable.replaceAll(/[{}[\],:#]/g, (mark) => String.fromCharCode(firstHidden + hidden.indexOf(mark))),
  );
};

const shown = (text: string): string =>
  text.replaceAll(/[\ufdd0-\ufdd6]/g, (mark) => hidden[mark.charCodeAt(0) - firstHidden] ?? mark);

const showVariables = (document: Document): void => {
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string') scalar.value = shown(scalar.value);
    },
  });
};

/** Offset of the key or list item that `path` leads to; of the innermost part of it that is there. */
const offsetOf = (document: Document, path: KeyPath): number => {
  let offset = startOf(document.contents) ?? 0;
  for (const { key, node } of nodesAlong(document, path)) offset = startOf(key ?? node) ?? offset;
  return offset;
};

const isQuoted = (document: Document, path: KeyPath): boolean => {
  const node = nodesAlong(document, path)[path.length - 1]?.node;
  const scalar = isAlias(node) ? node.resolve(document) : node;
  return isScalar(scalar) && scalar.type !== undefined && scalar.type !== 'PLAIN';
};

/** A part of a path that is there. */
interface Stop {
  /** Of a mapping. */
  readonly key: unknown;
  readonly node: unknown;
}

const nodesAlong = (document: Document, path: KeyPath): readonly Stop[] => {
  const stops: Stop[] = [];
  let node: unknown = document.contents;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(part));
      if (!pair) return stops;
      node = pair.value;
      stops.push({ key: pair.key, node });
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      stops.push({ key: undefined, node });
    } else return stops;
  }
  return stops;
};

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

const isNode = (value: unknown): value is Node => isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
