// Shipped profiles at their full size, as far as two cores go: whether what each wants is achieved, and whether the demo
// target counted what was sent.

import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DemoCounters } from '../../helpers/demo-target.ts';
import { type Bench, type Case, foreignNote } from '../bench.ts';
import { start } from '../command.ts';
import { demoTargetCommand, loadtopCommand } from '../loadtop.ts';
import { type Measured, measure, RunFailed } from '../measure.ts';
import { type CaseReport, type Goal, short } from '../report.ts';
import {
  disagreements,
  flagsOf,
  type Outcome,
  outcomeOf,
  type ProfileSummary,
  type Sized,
  shortened,
  sizedProfiles,
  type Wanted,
} from '../shipped-profiles.ts';

interface Ran {
  readonly sized: Sized;
  readonly wanted: Wanted;
  readonly measured: Measured;
  readonly summary: ProfileSummary;
  readonly counters: DemoCounters;
  readonly outcome: Outcome;
  /** Of sent and counted. */
  readonly disagree: readonly string[];
}

/** What the demo target takes by default. */
const secrets = { GSA_AUTH_TOKEN: 'demo-chat-token', auth_key: 'demo-upload-key' };
/** A run may go on for its profile's grace after its load, and makes its files before. */
const graceMs = 240_000;

const runOne = async (bench: Bench, sized: Sized): Promise<Ran> => {
  const { generator, target: targetCpu } = bench.pins(true);
  const wanted = shortened(sized.wanted, bench.seconds(Infinity));
  const target = start(demoTargetCommand(bench.loadtop, sized.target), targetCpu);
  try {
    const { listening: origin }: { listening: string } = JSON.parse(await target.firstLine);
    const file = path.join(bench.workFolder, 'profile.json');
    const set = sized.set ? ['--set', sized.set.text] : [];
    const args = ['run', sized.name, '--host', origin, '--no-tui', '--no-record', '-o', file];
    const command = {
      ...loadtopCommand(bench.loadtop, [...args, ...set, ...flagsOf(wanted, sized.wanted)]),
      env: { ...secrets, XDG_CACHE_HOME: path.join(bench.workFolder, 'cache') },
    };
    const measured = await measure(command, {
      cpu: generator,
      withinMs: ('seconds' in wanted ? wanted.seconds * 1000 : 0) + graceMs,
      targetPid: target.pid,
      // Objectives that were broken (99) and a generator that was late (96) are results here.
      accept: [0, 96, 99],
      settleMs: 0,
    });
    const summary: ProfileSummary = JSON.parse(readFileSync(file, 'utf8'));
    rmSync(file);
    const counters: DemoCounters = JSON.parse(await (await fetch(`${origin}/counters`)).text());
    const outcome = outcomeOf(wanted, summary, counters);
    return {
      sized,
      wanted,
      measured,
      summary,
      counters,
      outcome,
      disagree: disagreements(summary, counters, sized.routeOf),
    };
  } finally {
    target.end();
    await target.exited;
  }
};

const count = (value: number): string => Math.round(value).toLocaleString('en-US');

const wantedWords = (wanted: Wanted, outcome: Outcome): string => {
  switch (wanted.model) {
    case 'open':
      return `${count(wanted.rate)}/s for ${wanted.seconds} s`;
    case 'users':
      return `${count(wanted.users)} users, ${wanted.seconds} s: ${count(outcome.wanted)} iterations`;
    case 'requests':
      return `${count(wanted.requests)} requests of ${count(wanted.users)} users`;
    case 'burst':
      return `${count(wanted.size)} at once`;
  }
};

const verdictOf = ({ summary, measured }: Ran): string =>
  [
    `generator ${summary.generator.verdict}`,
    ...(summary.bands ? [summary.bands.word ?? 'not judged'] : []),
    ...(measured.exit.code === 0 ? [] : [`exit code ${measured.exit.code}`]),
  ].join(', ');

const row = (ran: Ran): string[] => {
  const { sized, wanted, summary, outcome, disagree } = ran;
  return [
    sized.name,
    wantedWords(wanted, outcome),
    `${count(outcome.achieved)}${wanted.model === 'open' ? '/s' : ''}`,
    short(summary.requestRate),
    short(summary.bytesOut / 1e6 / (summary.durationMs / 1000)),
    short(summary.response.good.p95Ms ?? Number.NaN),
    count(summary.notGood),
    verdictOf(ran),
    disagree.length === 0 ? 'the same' : 'something else',
  ];
};

const goalsOf = ({ sized, summary, outcome, disagree }: Ran): Goal[] => {
  const ratio = outcome.achieved / outcome.wanted;
  const allowed = 0.02 + 3 * outcome.chance;
  return [
    {
      what: `${sized.name}: achieved ÷ wanted`,
      wanted: `1 ± ${short(allowed)}`,
      figure: ratio.toFixed(4),
      met: Number.isFinite(ratio) ? Math.abs(ratio - 1) <= allowed : undefined,
    },
    {
      what: `${sized.name}: all good, and counted by the target as sent`,
      wanted: 'yes',
      figure: summary.notGood > 0 ? `${count(summary.notGood)} not good` : disagree.length > 0 ? 'not as sent' : 'yes',
      met: summary.notGood === 0 && disagree.length === 0,
    },
  ];
};

const runProfiles = async (bench: Bench): Promise<CaseReport> => {
  const all: Ran[] = [];
  const notes: string[] = [];
  for (const sized of sizedProfiles) {
    bench.say(sized.name);
    if (sized.set) notes.push(`${sized.name}: with ${sized.set.text}, ${sized.set.why}`);
    try {
      const ran = await runOne(bench, sized);
      all.push(ran);
      if (ran.disagree.length > 0) notes.push(`${sized.name}: ${ran.disagree.join('; ')}`);
      if (ran.counters.firstFault !== null) notes.push(`${sized.name}: the target found ${ran.counters.firstFault}`);
    } catch (error) {
      if (!(error instanceof RunFailed)) throw error;
      notes.push(`${sized.name}: failed, ${error.message}`);
    }
  }
  return {
    title: 'profiles: what ships, at its full size',
    about: `Each with its own load, probes, bands and objectives against a demo target of its own, without live view and recording, ${bench.pins(true).words}. Of users who think, what is wanted is the number of iterations by the law of Little; ± is 2 % and three standard deviations of chance.`,
    tables: [
      {
        head: [
          ...['profile', 'wanted', 'achieved', 'requests/s', 'MB/s sent', 'p95, ms', 'not good', 'verdict'],
          'the target counted',
        ],
        rows: all.map(row),
      },
    ],
    goals: all.flatMap(goalsOf),
    notes: [...notes, foreignNote(all.map(({ measured }) => measured))],
  };
};

export const profilesCase: Case = {
  name: 'profiles',
  about: 'shipped profiles at full size: achieved beside wanted, sent beside counted',
  run: runProfiles,
};
