// A profile of one request, from a URL and what stood beside it on the command line. Reading files for bodies is the
// command's.

import { UserError } from '../common/errors.ts';
import type { ProfileDraft } from './defaults.ts';
import { type Header, headerValue, mergeHeaders } from './headers.ts';
import { readUrl } from './target.ts';
import { replaceTemplates } from './templates.ts';

/** The request that a URL stands for. */
export interface UrlRequest {
  /** Default: POST with a body, else GET. */
  readonly method?: string | undefined;
  readonly headers?: readonly Header[] | undefined;
  readonly body?: string | Uint8Array | undefined;
  /** Default: application/json for text that is a JSON object or array. */
  readonly contentType?: string | undefined;
}

/**
 * The profile of one request to a URL, load and limits left to the defaults.
 * @throws UnitError for a URL that cannot be used, UserError for headers that contradict each other.
 */
export const profileFromUrl = (text: string, request: UrlRequest = {}): ProfileDraft => {
  const url = readUrl(text);
  const method = request.method ?? (request.body === undefined ? 'GET' : 'POST');
  const path = `${withTemplates(url.pathname)}${withTemplates(url.search)}`;
  const shownPath = path.replace(/\?.*/s, '');
  return {
    name: `${method} ${url.host}${shownPath}`,
    origin: url.origin,
    scenarios: [
      {
        name: 'url',
        weight: 1,
        steps: [
          {
            name: `${method} ${shownPath}`,
            method,
            path,
            headers: headersOf(request),
            body: request.body,
            expectStatus: undefined,
          },
        ],
      },
    ],
  };
};

/** URL encodes the braces of a template in a path, and the spaces and quotes in it: here they come back. */
const withTemplates = (encoded: string): string =>
  encoded.replaceAll(
    /(?:%7B|\{){2}(?:%20)*((?:(?!%7[BD])[^{}])*?)(?:%20)*(?:%7D|\}){2}/gi,
    (_, inside: string) => `{{${inside.replaceAll('%20', ' ').replaceAll('%22', '"').replaceAll('%27', "'")}}}`,
  );

const headersOf = (request: UrlRequest): readonly Header[] => {
  const headers = request.headers ?? [];
  const given = headerValue(headers, 'content-type');
  if (given !== undefined && request.contentType !== undefined) {
    throw new UserError("-T and -H 'Content-Type: …' say the same thing twice", { hint: 'leave one of them out' });
  }
  const contentType = request.contentType ?? given ?? (isJson(request.body) ? 'application/json' : undefined);
  return contentType === undefined || given !== undefined
    ? headers
    : mergeHeaders(headers, [['Content-Type', contentType]]);
};

const isJson = (body: string | Uint8Array | undefined): boolean => {
  if (typeof body !== 'string' || !/^\s*[{[]/.test(body)) return false;
  try {
    // A template that stands for a number ({"n": {{arrival}}}) is JSON once it is filled in.
    JSON.parse(replaceTemplates(body, '0'));
    return true;
  } catch {
    return false;
  }
};
