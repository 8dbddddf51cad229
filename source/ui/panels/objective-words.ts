// The objectives in the third line of the header: those that are not met by name and state, worst first. Pure.

import type { ObjectiveState } from '../../session/state.ts';
import { dim, joined, run } from '../parts/runs.ts';
import type { Line, Role } from '../theme.ts';

interface Words {
  readonly word: string;
  readonly role: Role;
  /** Lower ones come first. */
  readonly order: number;
}

const words: Readonly<Record<ObjectiveState['status'], Words>> = {
  broken: { word: 'BROKEN', role: 'alarm', order: 0 },
  'at risk': { word: 'at risk', role: 'warn', order: 1 },
  met: { word: 'met', role: 'dim', order: 2 },
  'not enough data': { word: 'no data yet', role: 'dim', order: 3 },
};

/** `p99<300ms` of `p99<300ms over 30s`. */
const shortText = (text: string): string => text.replace(/\s+over\s.*$/, '');

const piece = ({ text, status }: ObjectiveState): Line => {
  const { word, role } = words[status];
  return [run(`${shortText(text)} ${word}`, role)];
};

/** How many are met, where none is broken or at risk. What cannot be judged yet is not called unmet. */
const countText = (objectives: readonly ObjectiveState[]): string => {
  const met = objectives.filter(({ status }) => status === 'met').length;
  if (met === objectives.length) return 'objectives met';
  return met === 0 ? 'objectives: no data yet' : `${met} of ${objectives.length} objectives met`;
};

/** Wordings, longest first; none without objectives. The last one is what must be said at every size: the worst that is not met. */
export const objectiveWordings = (objectives: readonly ObjectiveState[]): readonly Line[] => {
  if (objectives.length === 0) return [];
  const sorted = objectives.toSorted((a, b) => words[a.status].order - words[b.status].order);
  const unmet = sorted.filter(({ status }) => status === 'broken' || status === 'at risk');
  const all = joined(sorted.map(piece));
  if (unmet.length === 0) {
    return [...(objectives.length <= 3 ? [all] : []), [dim(countText(objectives))], []];
  }
  const [worst] = unmet;
  const shorter = unmet.slice(0, -1).map((_, index): Line => {
    const left = index + 1;
    return joined([...unmet.slice(0, -left).map(piece), [dim(`+${left}`)]]);
  });
  return [
    ...(sorted.length <= 3 ? [all] : []),
    joined(unmet.map(piece)),
    ...shorter,
    ...(worst === undefined ? [] : [piece(worst)]),
  ];
};
