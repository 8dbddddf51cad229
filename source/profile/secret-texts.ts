// What of a profile must not be shown: the values of its secret variables, logins and other headers whose names say so, and
// the password of its proxy. Taken out of whatever the target sends back (common/secrets.ts).

import { isSecretHeader } from '../common/safe-text.ts';
import type { Profile } from './profile.ts';
import { replaceTemplates } from './templates.ts';

/** A login of one or two letters would be found everywhere. */
const leastLength = 3;

export const secretTexts = ({
  secrets,
  scenarios,
  setup,
  teardown,
  cleanUpHeaders,
  connection,
}: Profile): readonly string[] => {
  const lists = [...scenarios, setup ?? [], teardown ?? []].flat();
  const headers = [...cleanUpHeaders, ...lists.flatMap(({ steps }) => steps.flatMap((step) => step.headers))];
  const values = headers.flatMap(([name, value]) => (isSecretHeader(name) ? secretsOfHeader(value) : []));
  const derived = [...values, ...secretsOfUrl(connection.proxy)].filter(({ length }) => length >= leastLength);
  return [...new Set([...secrets, ...derived])];
};

/** The parts of a value that are the same for each request: a token, or what a basic login is made of. */
const secretsOfHeader = (value: string): readonly string[] => {
  const [, scheme, rest = value] = /^(basic|bearer|token|digest|apikey)\s+(.*)$/i.exec(value) ?? [];
  const parts = replaceTemplates(rest, '\0')
    .split('\0')
    .map((part) => part.trim());
  return scheme?.toLowerCase() === 'basic' ? [...parts, ...passwordOf(rest)] : parts;
};

/** The password of `user:password` in base64. */
const passwordOf = (encoded: string): readonly string[] => {
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const login = new TextDecoder().decode(bytes);
    return [login, login.slice(login.indexOf(':') + 1)];
  } catch {
    return [];
  }
};

const secretsOfUrl = (url: string | undefined): readonly string[] => {
  if (url === undefined || !URL.canParse(url)) return [];
  const { password } = new URL(url);
  return password === '' ? [] : [password, decoded(password)];
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
