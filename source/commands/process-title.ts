// What `ps` and `pgrep -f` call this program: two runs must be told apart there. No flags, as they may hold secrets.

import { safeLocation, safeText } from '../common/safe-text.ts';
import type { Invocation } from './read-arguments.ts';

/** `loadtop http://localhost:3000/events`, `loadtop ctl run.sock`. */
export const processTitle = (invocation: Invocation): string => ['loadtop', ...wordsOf(invocation)].join(' ');

const wordsOf = (invocation: Invocation): readonly string[] => {
  switch (invocation.command) {
    case 'run':
      return subjectWords(invocation);
    case 'doctor':
      return invocation.subject === undefined
        ? ['doctor']
        : ['doctor', ...subjectWords({ ...invocation, subject: invocation.subject })];
    case 'ctl':
    case 'cleanup':
      return [invocation.command, safeText(invocation.path)];
    default:
      return [invocation.command];
  }
};

const subjectWords = ({ subject, values }: Pick<Extract<Invocation, { command: 'run' }>, 'subject' | 'values'>) => [
  subject.type === 'url' ? safeLocation(subject.url) : safeText(subject.path),
  ...(values.control === undefined ? [] : [`--control ${safeText(values.control)}`]),
];
