// Reads a profile from a file (YAML, and so JSON) and says what is wrong with it so that it can be mended: file, line,
// column, key, what was found and what was expected. The only place that reads files and knows yaml.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { didYouMean } from '../common/did-you-mean.ts';
import { errorMessage, UserError } from '../common/errors.ts';
import { maskHeader, maskPassword, safeText } from '../common/safe-text.ts';
import { completeProfile, type ProfileDraft } from './defaults.ts';
import { fileTrouble } from './file-trouble.ts';
import { draftOfFile, stepsOf } from './from-file.ts';
import type { Profile } from './profile.ts';
import { checkProfile, type Fault, type StepFile } from './schema.ts';

/** Faults shown at once. */
const mostFaults = 5;
/** A profile is written by hand: what is larger is another file by mistake. */
const largestProfile = 5 * 1024 * 1024;

/** Values that aliases may stand for in all: more is a file that unfolds without bound. */
const mostAliases = 10_000;

/** What was read, and where its parts stand. */
interface Source {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly data: unknown;
}

/** A fault with what was found there. */
interface Finding extends Fault {
  readonly found?: string;
}

/**
 * The profile in a file, with every default filled in.
 * @throws UserError naming each fault (up to five) with its place.
 */
export const loadProfile = (file: string): Profile => completeProfile(loadDraft(file));

/** As `loadProfile`, with nothing filled in: for callers that override parts of it. */
export const loadDraft = (file: string): ProfileDraft => {
  const source = parse(file, decode(file, readProfileFile(file)));
  const result = checkProfile(source.data);
  if ('faults' in result) throw faultsError(source, result.faults);
  const bodies = new Map<StepFile, Uint8Array>();
  const missing: Finding[] = [];
  for (const { step, path } of stepsOf(result.file)) {
    if (step.bodyFile === undefined) continue;
    try {
      bodies.set(step, readFileSync(resolve(dirname(file), step.bodyFile)));
    } catch (error) {
      const found = `${JSON.stringify(step.bodyFile)} (${fileTrouble(error)})`;
      missing.push({
        path: [...path, 'bodyFile'],
        found,
        expected: 'a readable file, its path relative to the profile',
      });
    }
  }
  if (missing.length > 0) throw faultsError(source, missing);
  return draftOfFile(result.file, {
    name: basename(file).replace(/\.(ya?ml|json)$/i, ''),
    bodyOf: (step) => bodies.get(step),
    pathOf: (path) => resolve(dirname(file), path),
  });
};

const readProfileFile = (file: string): Uint8Array => {
  try {
    const about = statSync(file);
    if (about.isFile() && about.size > largestProfile) {
      throw new UserError(`${file}: found a file of more than 5 MiB, expected a profile`);
    }
    // A device such as /dev/zero never ends; a pipe (process substitution) does.
    if (about.isCharacterDevice() || about.isBlockDevice()) {
      throw new UserError(`${file}: found a device, expected a profile`);
    }
    return readFileSync(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const hint = nearbyHint(file);
    throw new UserError(`${file}: ${fileTrouble(error)}, expected a profile`, { cause: error, ...(hint && { hint }) });
  }
};

/** Proposes a profile of the same folder, or one inside where the folder itself was named. */
const nearbyHint = (file: string): string | undefined => {
  const profilesIn = (folder: string): string[] => {
    try {
      return readdirSync(folder).filter((name) => /\.(ya?ml|json)$/i.test(name));
    } catch {
      return [];
    }
  };
  const inside = profilesIn(file);
  if (inside.length > 0) return `profiles in it: ${inside.slice(0, 5).join(', ')}`;
  const near = didYouMean(basename(file), profilesIn(dirname(file)));
  return near && near !== basename(file) ? `did you mean ${resolve(dirname(file), near)}?` : undefined;
};

const decode = (file: string, bytes: Uint8Array): string => {
  const binary = new UserError(`${file}: found binary content, expected a profile in YAML (UTF-8 text)`);
  if (bytes.includes(0)) throw binary;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw binary;
  }
};

const parse = (file: string, text: string): Source => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const troubles = yamlTroubles(document);
  if (troubles.length > 0) {
    const shown = troubles.map(([at, what]) => {
      const { line, col } = lines.linePos(at);
      return `${file}:${line}:${col}  ${what}`;
    });
    throw new UserError(limited(shown));
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    throw new UserError(`${file}: found an empty file, expected a profile`, {
      hint: 'the least there can be: target: http://localhost:3000 and steps: [{ get: /health }]',
    });
  }
  try {
    return { file, document, lines, data: document.toJS({ maxAliasCount: mostAliases }) };
  } catch (error) {
    // Aliases that multiply without bound.
    throw new UserError(`${file}: not a usable profile: ${safeText(errorMessage(error))}`, { cause: error });
  }
};

/** What makes the text no usable YAML, each with its offset. */
const yamlTroubles = (document: Document): readonly (readonly [offset: number, what: string])[] => {
  const troubles = [...document.errors, ...document.warnings].map(({ pos, code, message }): [number, string] => [
    pos[0],
    code === 'DUPLICATE_KEY'
      ? 'found a key for the second time, expected each key once'
      : `not valid YAML: ${safeText(message)}`,
  ]);
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return;
      troubles.push([alias.range?.[0] ?? 0, `found *${safeText(alias.source)}, expected a name set before with &`]);
    },
  });
  return troubles;
};

const faultsError = (source: Source, faults: readonly Finding[]): UserError =>
  new UserError(limited(faults.map((fault) => describe(source, fault))));

const limited = (texts: readonly string[]): string => {
  const unique = [...new Set(texts)];
  const more = unique.length - mostFaults;
  return [...unique.slice(0, mostFaults), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
};

const describe = (source: Source, finding: Finding): string => {
  const fault = { ...finding, path: writtenPath(source.data, finding.path) };
  const { line, col } = source.lines.linePos(placeOf(source.document, fault.path));
  const path = fault.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  const place = `${source.file}:${line}:${col}  ${safeText(path.replace(/^\./, '')) || 'the file'}`;
  if (fault.unknownKey === undefined) {
    return `${place}: found ${fault.found ?? foundAt(source.data, fault.path)}, expected ${fault.expected}`;
  }
  const near = didYouMean(fault.unknownKey, fault.expected.split(', '));
  const hint = near ? ` (did you mean "${near}"?)` : '';
  return `${place}: found an unknown key, expected one of ${fault.expected}${hint}`;
};

/** Offset of the key or list item that `path` leads to; of the innermost part of it that is there. */
const placeOf = (document: Document, path: Fault['path']): number => {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(part));
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
};

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

const isNode = (value: unknown): value is Node => isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);

const childOf = (value: unknown, part: string | number): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === String(part))?.[1]
    : value;

/** The path without the index of a list that the file spells as its only item. */
const writtenPath = (data: unknown, path: Fault['path']): Fault['path'] => {
  const written: (string | number)[] = [];
  let value = data;
  for (const part of path) {
    if (typeof part === 'number' && !Array.isArray(value)) continue;
    written.push(part);
    value = childOf(value, part);
  }
  return written;
};

/** What stands at `path`, in words; secrets are masked. */
const foundAt = (data: unknown, path: Fault['path']): string => {
  const value = path.reduce(childOf, data);
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value !== 'string') return String(value);
  const last = String(path.at(-1));
  if (path.includes('probes') && (last === 'basic' || last === 'bearer')) return '"***"';
  const name = path.includes('headers') ? last : '';
  return `"${safeText(maskPassword(maskHeader(name, value)), 60)}"`;
};
