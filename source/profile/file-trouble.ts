// Why a file that the user named could not be read: the same words for profiles, bodies and certificates. Apart from
// load-profile.ts, so that a run of a URL does not pay for reading YAML.

import { errorCode, errorMessage } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';

/** Why a file could not be read, in words. */
export const fileTrouble = (error: unknown): string => {
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file',
    EISDIR: 'a folder, not a file',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
  };
  return words[errorCode(error) ?? ''] ?? safeText(errorMessage(error));
};
