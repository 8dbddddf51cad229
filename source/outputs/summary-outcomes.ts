// How requests ended, as the printed summary tells it: classes as rows, their causes below them with whose matter they are.

import { safeText } from '../common/safe-text.ts';
import { formatClock, formatCount, formatShare } from '../common/units.ts';
import { causeDetail, whoseFault } from '../measure/cause.ts';
import type { OutcomeClass } from '../measure/outcome.ts';
import type { CauseSummary, OutcomeSummary } from '../measure/summary.ts';
import { columns, folded, type Paint } from './text-layout.ts';

/** The table of outcomes: a row for each class, and below it why and what one looked like. */
export const outcomeTable = (outcomes: readonly OutcomeSummary[], paint: Paint): string[] => {
  if (outcomes.length === 0) return [paint('heading', 'Outcomes'), '  no request ended'];
  const rows = outcomes.map((outcome) => {
    const { count, shareRatio, firstAtMs, lastAtMs } = outcome;
    const times = count > 0 ? [formatClock(firstAtMs), formatClock(lastAtMs)] : ['-', '-'];
    return [outcome.outcome, formatCount(count), formatShare(shareRatio), ...times, whoseMatter(outcome)];
  });
  const [header = '', ...lines] = columns(
    [['', 'count', 'share', 'first', 'last', 'whose'], ...rows],
    ['left', 'right', 'right', 'right', 'right', 'left'],
  );
  const table = outcomes.flatMap((outcome, index) => [lines[index]!, ...outcomeNotes(outcome)]);
  return [paint('heading', 'Outcomes of requests'), header, ...table];
};

/** Whose matter a class is, by its causes; nobody's where all of it was expected, which then has no example. */
const whoseMatter = ({ causes, example }: OutcomeSummary): string => {
  const [first, ...others] = [...new Set(causes.map(({ fault }) => fault))];
  if (first === undefined || example === null) return '';
  return others.length === 0 ? whoseFault[first] : 'see below';
};

/** Why requests ended so and what that looked like, for each cause of a class; with numbers where there are several. */
const outcomeNotes = ({ outcome, count, causes }: OutcomeSummary): string[] => {
  if (outcome === '2xx' || count === 0) return [];
  const severalFaults = new Set(causes.map(({ fault }) => fault)).size > 1;
  return causes.flatMap((cause) => {
    const by = severalFaults && whoseFault[cause.fault] !== '' ? [whoseFault[cause.fault]] : [];
    const text = [causeText(outcome, cause), ...by, ...suchAs(cause.example)].join('; ');
    return folded(text, 6, causes.length > 1 ? `${formatCount(cause.count)} ` : '');
  });
};

const causeText = (outcome: OutcomeClass, { cause, meaning }: CauseSummary): string => {
  const detail = causeDetail({ name: cause, class: outcome });
  return detail === '' ? meaning : `${detail}: ${meaning}`;
};

const suchAs = (example: string | null): string[] =>
  example === null || safeText(example) === '' ? [] : [`such as: ${safeText(example, 120)}`];
