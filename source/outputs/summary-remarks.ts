// What the summary says in sentences: whether the numbers can be trusted and in which stretches not, where our own
// ceiling was the limit, problems, and where the recording is. The tables are summary-text.ts.

import { safeText } from '../common/safe-text.ts';
import { formatClock, formatCount, formatLength, formatRate, formatShare } from '../common/units.ts';
import { objectiveValue, tooFew } from '../measure/objective.ts';
import type { GeneratorSummary, ObjectiveSummary, Stretch, Summary } from '../measure/summary.ts';
import { bandLines } from './summary-bands.ts';
import { columns, folded, type Paint, type Tone, textWidth } from './text-layout.ts';

/** Stretches and problems that are printed; a run of days may have thousands, and the recording has them all. */
const shown = 8;

/** The sections of sentences, each as lines; empty ones where there is nothing to say. */
export const remarks = (summary: Summary, paint: Paint): string[][] => [
  objectiveLines(summary, paint),
  bandLines(summary.bands, paint),
  generatorLines(summary.generator, paint),
  ownLimitLines(summary.generator, paint),
  resourceLines(summary, paint),
  problemLines(summary.problems, paint),
  recordingLines(summary.recording),
];

const objectiveLines = ({ objectives }: Summary, paint: Paint): string[] => {
  if (objectives.length === 0) return [];
  const [head = '', ...rows] = columns(
    [['', '', 'worst', 'at'], ...objectives.map(objectiveRow)],
    ['left', 'left', 'right', 'right'],
  );
  return [
    paint('heading', 'Objectives'),
    head,
    ...rows.map((line, index) => paint(verdictTones[objectives[index]!.verdict], line)),
    ...objectives.flatMap((objective) => objectiveRemarks(objective).map((line) => paint('warn', line))),
  ];
};

const verdictTones = { broken: 'bad', 'at risk': 'warn', met: 'good', 'not enough data': 'warn' } as const;

/** Of what nobody writes by hand only the beginning, that the line fits. */
const shortText = ({ text }: ObjectiveSummary): string => safeText(text, 28);

const objectiveRow = (objective: ObjectiveSummary): string[] => {
  const { metric, counted, verdict, worst, worstAtMs, brokenMs } = objective;
  const words = {
    broken: `BROKEN for ${formatLength(brokenMs)}`,
    'at risk': 'met, at risk',
    met: 'met',
    'not enough data': 'not judged',
  };
  const figures =
    worst === null || worstAtMs === null
      ? ['no data', '-']
      : [objectiveValue(metric, worst, counted), formatClock(worstAtMs)];
  return [shortText(objective), words[verdict], ...figures];
};

/** When it was broken, or why it was not judged. */
const objectiveRemarks = (objective: ObjectiveSummary): string[] => {
  const { verdict, broken, omitted, windowMs } = objective;
  const name = shortText(objective);
  if (verdict === 'not enough data')
    return folded(`${name} was not judged: ${tooFew} in any ${formatLength(windowMs)}`);
  const listed = broken.map((stretch) => ({ ...stretch, reasons: [] }));
  return stretches(listed, omitted, `${name} was broken`);
};

/** How the generator did. A few bad seconds do not make the verdict bad, but it did not keep up throughout either. */
const howItDid = ({ verdict, bad, warn, notSentRatio }: GeneratorSummary): string => {
  if (verdict === 'bad' || bad.length > 0) return 'it was the limit at times';
  if (notSentRatio > 0) return 'it did not send all that was due';
  return verdict === 'warn' || warn.length > 0 ? 'near its limit at times' : 'good: it kept up throughout';
};

const generatorLines = (generator: GeneratorSummary, paint: Paint): string[] => {
  const { verdict, valid, badRatio, notSentRatio } = generator;
  const tone: Tone = valid ? verdict : 'bad';
  const invalid = valid ? '' : 'NOT VALID, do not trust these numbers: ';
  const shares = [
    ...(badRatio > 0 ? [`bad in ${formatShare(badRatio)} of the seconds`] : []),
    ...(notSentRatio > 0 ? [`${formatShare(notSentRatio)} of what was due was not sent through us`] : []),
  ];
  const text = `${invalid}${howItDid(generator)}${shares.length > 0 ? ` (${shares.join(', ')})` : ''}`;
  return [
    paint('heading', 'Generator'),
    ...folded(text).map((line) => paint(tone, line)),
    ...shortLines(generator).map((line) => paint('bad', line)),
    ...stretches(generator.bad, generator.omitted.bad, 'the generator, not the target, was the limit').map((line) =>
      paint('bad', line),
    ),
    ...stretches(generator.warn, generator.omitted.warn, 'the generator was near its limit').map((line) =>
      paint('warn', line),
    ),
  ];
};

/** How many machines the load takes, by what this one could. */
const shortLines = ({ short }: GeneratorSummary): string[] => {
  if (!short) return [];
  const { wantedRate, sentRate, machines } = short;
  return folded(
    `in those seconds it began ${formatRate(sentRate)} of ${formatRate(wantedRate)} wanted: by that the load takes about ${formatCount(machines)} machines like this one`,
  );
};

const ownLimitLines = ({ ownLimit, omitted }: GeneratorSummary, paint: Paint): string[] =>
  ownLimit.length === 0
    ? []
    : [
        paint('heading', 'Own limit'),
        ...folded('our own ceiling held requests back: raise -c or --max-in-flight'),
        ...stretches(ownLimit, omitted.ownLimit, 'our own ceiling was the limit').map((line) => paint('warn', line)),
      ];

/** The longest stretches in order of time, each `from 0:12 to 0:31 <what>: <reasons>`. @param omitted that are not among them */
const stretches = (all: readonly Stretch[], omitted: number, what: string): string[] => {
  const length = ({ fromMs, toMs }: Stretch): number => toMs - fromMs;
  const longest = [...all].sort((a, b) => length(b) - length(a)).slice(0, shown);
  const lines = longest
    .sort((a, b) => a.fromMs - b.fromMs)
    .flatMap(({ fromMs, toMs, reasons }) => {
      const why = reasons.length > 0 ? `: ${reasons.map((reason) => safeText(reason)).join('; ')}` : '';
      return folded(`from ${formatClock(fromMs)} to ${formatClock(toMs)} ${what}${why}`);
    });
  const left = all.length - longest.length + omitted;
  return left > 0 ? [...lines, `  and in ${formatCount(left)} shorter ${left === 1 ? 'stretch' : 'stretches'}`] : lines;
};

/** What the run made, and what became of it. */
const resourceLines = ({ resources, recording }: Summary, paint: Paint): string[] => {
  if (!resources) return [];
  const { made, removed, cleanedUp, left, example, reason, unanswered } = resources;
  const counts = `${formatCount(made)} made, ${formatCount(removed)} removed by the run, ${formatCount(cleanedUp)} cleaned up, ${formatCount(left)} left`;
  const such = example === null ? '' : `such as ${safeText(example, 200)}`;
  const why = reason === null ? '' : `: ${safeText(reason, 200)}`;
  return [
    paint('heading', 'Made at the target'),
    ...folded(counts),
    ...(left > 0 ? folded(`${such}${why}`).map((line) => paint('warn', line)) : []),
    ...(left > 0 && recording !== null ? folded('loadtop cleanup and the recording remove what is left') : []),
    ...(unanswered > 0
      ? folded(
          `${formatCount(unanswered)} requests that make something had no answer: what they made, if they did, is not known`,
        )
      : []),
  ];
};

const problemLines = (problems: readonly string[], paint: Paint): string[] => {
  if (problems.length === 0) return [];
  const left = problems.length - shown;
  return [
    paint('heading', 'Problems'),
    ...problems.slice(0, shown).flatMap((problem) => folded(safeText(problem))),
    ...(left > 0 ? [`  and ${formatCount(left)} more`] : []),
  ];
};

/** The path is never cut or folded: people copy it. */
const recordingLines = (recording: string | null): string[] => {
  if (recording === null) return [];
  const path = safeText(recording, 4096);
  return 'Recording  '.length + path.length <= textWidth ? [`Recording  ${path}`] : ['Recording', path];
};
