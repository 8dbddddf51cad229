// Tokens that a step captured must not be shown either: by the name that they are kept under they are told from the rest. Only
// for the few texts that are shown.

import { Secrets } from '../common/secrets.ts';
import type { Exchange } from './exchange.ts';

/** A text about the request of an exchange, without the secrets that its iteration captured. */
export const withoutCaptured = (text: string, { walk }: Pick<Exchange, 'walk'>): string => {
  if (!walk || text === '') return text;
  const secrets = new Secrets([]);
  secrets.learn(Object.entries(walk.captured()));
  return secrets.mask(text);
};
