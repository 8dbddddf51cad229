// A file to send that is an entry of `data`, by its name, bare or in braces. Pure: it is found or made before the run.

import { didYouMean } from '../common/did-you-mean.ts';
import type { NamedUpload } from './from-file.ts';
import type { ProfileFile } from './schema.ts';

type Data = NonNullable<ProfileFile['data']>;

/** The file of an entry; what was expected in its place where braces name none; undefined where a path is meant. */
export const uploadOfData = (text: string, data: Data): NamedUpload | string | undefined => {
  const inBraces = /^\{\{\s*([^\s{}]+)\s*\}\}$/.exec(text)?.[1];
  const name = inBraces ?? text;
  const files = Object.entries(data).filter(([, { type }]) => type !== 'catalogue');
  const source = files.find(([known]) => known === name)?.[1];
  if (source) {
    const shown = source.type === 'file' ? source.file.replace(/^.*[/\\]/s, '') : `${name}.csv`;
    return { file: { data: name }, shown };
  }
  if (inBraces === undefined) return undefined;
  const names = files.map(([known]) => known);
  const near = didYouMean(name, names);
  const known = names.length > 0 ? names.map((one) => `{{${one}}}`).join(' or ') : 'the name of a file under data';
  return near ? `${known} (did you mean {{${near}}}?)` : known;
};
