// Values that are not written in the profile but drawn from elsewhere are escaped for the place they are put into.

import { encodeForm, encodeQuery, quoteName } from '../common/url-encoding.ts';
import type { ValuePlace } from './template-value.ts';

const control = /[\u0000-\u001f\u007f]/g;
const notLatin = /[^\u0000-\u00ff]/gu;

/** How a value is written at a place. */
export const escapeFor =
  (place: ValuePlace) =>
  (value: string): string => {
    switch (place) {
      case 'path':
        return encodeURIComponent(value.toWellFormed());
      case 'query':
        return encodeQuery(value);
      case 'form':
        return encodeForm(value);
      case 'quoted':
        return quoteName(value);
      case 'header':
        return value.replaceAll(control, ' ').replaceAll(notLatin, '?');
      case 'json string':
        return JSON.stringify(value).slice(1, -1);
      case 'json value':
        return JSON.stringify(value);
      case 'text':
        return value;
    }
  };

/** Where all of a text is escaped, what stands around its templates as well. */
export type EscapedPlace = Extract<ValuePlace, 'query' | 'form' | 'quoted'>;

export const isEscapedPlace = (place: ValuePlace): place is EscapedPlace =>
  place === 'query' || place === 'form' || place === 'quoted';

/** Follows a JSON text piece by piece, to tell whether the next template stands inside a string. */
export class JsonPlace {
  #inString = false;

  /** Reads on to the next template. */
  read(text: string): void {
    for (let at = 0; at < text.length; at += 1) {
      if (text[at] === '"') this.#inString = !this.#inString;
      else if (this.#inString && text[at] === '\\') at += 1;
    }
  }

  get place(): ValuePlace {
    return this.#inString ? 'json string' : 'json value';
  }
}
