// What functions of a profile cost: the same requests and the same check from a profile in YAML, and from one in TypeScript
// that makes each body and looks at each answer in code.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Bench, type Case, foreignNote, measureOn, times, withTarget } from '../bench.ts';
import { bare, loadtopCommand } from '../loadtop.ts';
import { cpuUsPerRequest, type Measured, requestRate } from '../measure.ts';
import { atLeast, atMost, type CaseReport, short, spreadText } from '../report.ts';
import { present, type Rounds, runRounds } from '../rounds.ts';
import { median, ratios, spread } from '../statistics.ts';
import type { Target } from '../target.ts';

const connections = 64;
const filler = 'x'.repeat(200);

const yaml = (origin: string): string => `target: ${origin}
steps:
  - post: /health
    json: { id: "{{uuid}}", n: "{{integer 1 1000000}}", colour: "{{pick red green blue}}", text: ${filler} }
    expect: { json: { $.status: ok, $.checks.database: ok } }
`;

const typescript = (origin: string): string => `interface Order {
  readonly id: string;
  readonly n: number;
  readonly colour: string;
  readonly text: string;
}

interface Health {
  readonly status: string;
  readonly checks: { readonly database: string };
}

interface Asked {
  readonly uuid: () => string;
  readonly integer: (least: number, most: number) => number;
  readonly pick: (choices: readonly string[]) => string;
}

interface Answered {
  readonly json: () => Health;
}

const colours = ['red', 'green', 'blue'];
const text = '${filler}';
const order = ({ uuid, integer, pick }: Asked): Order => ({ id: uuid(), n: integer(1, 1_000_000), colour: pick(colours), text });

export default {
  target: '${origin}',
  steps: [
    {
      post: '/health',
      body: order,
      check: (answer: Answered): boolean | string => {
        const { status, checks } = answer.json();
        return status === 'ok' && checks.database === 'ok' ? true : \`status \${status}, database \${checks.database}\`;
      },
    },
  ],
};
`;

const profiles = [
  { name: 'YAML', ending: 'yaml', text: yaml },
  { name: 'TypeScript', ending: 'ts', text: typescript },
] as const;

/** loadtop's arguments for a profile, one worker at full speed. */
const argsOf = (bench: Bench, origin: string, { ending, text }: (typeof profiles)[number]): readonly string[] => {
  const file = path.join(bench.workFolder, `functions.${ending}`);
  writeFileSync(file, text(origin));
  const load = ['-q', 'max', '-w', '1', '-c', `${connections}`, '-z', `${bench.seconds(8)}s`];
  return ['run', file, ...bare, ...load];
};

const runFunctions = async (bench: Bench, target: Target): Promise<CaseReport> => {
  const { generator, words } = bench.pins(true);
  const seconds = bench.seconds(8);
  const contenders = profiles.map((profile) => {
    const command = loadtopCommand(bench.loadtop, argsOf(bench, target.origin, profile));
    return {
      name: profile.name,
      run: (): Promise<Measured> => measureOn(target, generator, command, seconds),
    };
  });
  const rounds = await runRounds(contenders, bench.pairs, bench.say);
  const [plain, code] = rounds;
  const cost = median(ratios(figures(code!, cpuUsPerRequest), figures(plain!, cpuUsPerRequest)));
  const speed = median(ratios(figures(code!, requestRate), figures(plain!, requestRate)));
  return {
    title: 'functions: bodies and checks in TypeScript beside the same in YAML',
    about: `Full speed, one worker, ${connections} connections, ${times(bench.pairs, 'round', seconds)}, ${words}. A POST of 290 bytes with three values drawn for each, two values of the JSON answer checked. Median (quartiles).`,
    tables: [
      {
        head: ['profile', 'CPU µs/request', 'requests/s', 'requests/s ÷ YAML'],
        rows: rounds.map((each) => [
          each.name,
          spreadText(spread(present(each).map(cpuUsPerRequest))),
          short(median(present(each).map(requestRate))),
          spreadText(spread(ratios(figures(each, requestRate), figures(plain!, requestRate)))),
        ]),
      },
    ],
    goals: [
      atLeast('requests/s with functions', speed, 0.8, ' × YAML'),
      atMost('CPU per request with functions', cost, 1.25, ' × YAML'),
    ],
    notes: [
      ...rounds.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: failed, ${failure}`])),
      foreignNote(rounds.flatMap(present)),
    ],
  };
};

/** A figure by round. */
const figures = ({ results }: Rounds<Measured>, figure: (measured: Measured) => number): (number | undefined)[] =>
  results.map((result) => result && figure(result));

export const functionsCase: Case = {
  name: 'functions',
  about: 'throughput and CPU per request with functions in TypeScript, beside YAML',
  run: (bench) => withTarget(bench, 'functions', bench.pins(true).target, (target) => runFunctions(bench, target)),
  profiled: (bench, origin) => argsOf(bench, origin, profiles[1]),
};
