// CPU time per request where every connection is busy all the time, with one thread: loadtop beside its peers, as ratios.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Bench, type Case, foreignNote, measureOn, peerCommands, times, withTarget } from '../bench.ts';
import type { Command } from '../command.ts';
import { bare, type Loadtop, loadtopCommand } from '../loadtop.ts';
import { cpuUsPerRequest, type Measured, requestRate } from '../measure.ts';
import { type PeerName, peers, type Shape } from '../peers.ts';
import { atMost, type CaseReport, type Goal, short, spreadText } from '../report.ts';
import { type Contender, present, type Rounds, runRounds } from '../rounds.ts';
import { median, ratios, spread } from '../statistics.ts';
import type { Target } from '../target.ts';

interface Body {
  readonly bytes: number;
  /** Constant text of that many bytes. */
  readonly text: string;
  readonly type: string;
}

interface FullSpeed {
  readonly name: string;
  readonly about: string;
  readonly connections: number;
  readonly body?: Body;
  readonly pipelining?: number;
  /** The same body with values drawn for each request. */
  readonly templated?: string;
  readonly peers: readonly PeerName[];
  /** The most that loadtop may cost, in multiples of the peer. */
  readonly limits: Partial<Record<PeerName, number>>;
}

/** A JSON body of 300 bytes, and one of about as many in which three values differ from request to request. */
const json = (id: string, n: string, colour: string, filler: number): string =>
  `{"id":"${id}","n":${n},"colour":"${colour}","text":"${'x'.repeat(filler)}"}`;
const constantId = '0b0f7c1e-6a4e-4a54-9c4e-0d3c5a1f2b3c';
const filler = 300 - json(constantId, '123456', 'green', 0).length;
const smallBody: Body = { bytes: 300, text: json(constantId, '123456', 'green', filler), type: 'application/json' };
const templatedBody = json('{{uuid}}', '{{integer 1 1000000}}', '{{pick red green blue}}', filler);
const bigBody: Body = { bytes: 1_000_000, text: 'x'.repeat(1_000_000), type: 'application/octet-stream' };

const specs: readonly FullSpeed[] = [
  {
    name: 'get',
    about: 'GET, 64 connections',
    connections: 64,
    peers: ['wrk', 'oha', 'autocannon', 'hey', 'ab', 'k6', 'locust'],
    limits: { wrk: 1.6, oha: 1, autocannon: 0.87, hey: 0.55, k6: 0.22, locust: 0.12 },
  },
  {
    name: 'post',
    about: 'POST of a 300-byte JSON body, 64 connections',
    connections: 64,
    body: smallBody,
    templated: templatedBody,
    peers: ['wrk', 'oha', 'autocannon', 'hey', 'ab'],
    limits: { wrk: 1.75, autocannon: 0.95 },
  },
  {
    name: 'big',
    about: 'POST of 1 MB, 64 connections',
    connections: 64,
    body: bigBody,
    peers: ['autocannon', 'oha', 'hey'],
    limits: { autocannon: 0.75 },
  },
  {
    name: 'many',
    about: 'GET, 1,000 connections',
    connections: 1000,
    peers: ['wrk', 'autocannon'],
    limits: { autocannon: 1 },
  },
  {
    name: 'pipelining',
    about: 'GET, 64 connections, 10 requests pipelined on each',
    connections: 64,
    pipelining: 10,
    peers: ['autocannon'],
    limits: { autocannon: 0.8 },
  },
];

/** loadtop's arguments for a shape, one worker. */
export const fullSpeedArgs = (shape: Shape, text?: string): string[] => [
  shape.url,
  ...[...bare, '-q', 'max', '-w', '1', '-c', `${shape.connections}`, '-z', `${shape.seconds}s`],
  ...((shape.pipelining ?? 1) > 1 ? ['--pipelining', `${shape.pipelining}`] : []),
  ...bodyArgs(shape, text),
];

const bodyArgs = ({ body }: Shape, text: string | undefined): string[] => {
  if (!body) return [];
  // What is longer than an argument may be comes from the file.
  const long = text === undefined && body.text.length > 10_000;
  return ['-m', 'POST', '-T', body.type, ...(long ? ['-D', body.file] : ['-d', text ?? body.text])];
};

const shapeOf = (spec: FullSpeed, bench: Bench, origin: string): Shape => {
  const { connections, body, pipelining = 1 } = spec;
  const file = path.join(bench.workFolder, `${spec.name}.body`);
  if (body) writeFileSync(file, body.text);
  return {
    url: `${origin}/`,
    connections,
    pipelining,
    seconds: bench.seconds(6),
    ...(body ? { body: { text: body.text, file, type: body.type } } : {}),
  };
};

/** loadtop, a second checkout of it where one was given, and the templated variant. */
const ownCommands = (spec: FullSpeed, bench: Bench, shape: Shape): { label: string; command: Command }[] => {
  const command = (loadtop: Loadtop, text?: string): Command => loadtopCommand(loadtop, fullSpeedArgs(shape, text));
  return [
    ...bench.checkouts.map((each) => ({ label: each.name, command: command(each) })),
    ...(spec.templated === undefined
      ? []
      : [{ label: `${bench.loadtop.name}, templated`, command: command(bench.loadtop, spec.templated) }]),
  ];
};

const runFullSpeed = async (spec: FullSpeed, bench: Bench, target: Target): Promise<CaseReport> => {
  const { generator, words } = bench.pins(true);
  const shape = shapeOf(spec, bench, target.origin);
  const notes: string[] = [];
  const theirs = peerCommands(bench, spec.peers, shape, notes);
  const all = [...ownCommands(spec, bench, shape), ...theirs];
  const contenders = all.map(
    ({ label, command }): Contender<Measured> => ({
      name: label,
      run: () => measureOn(target, generator, command, shape.seconds),
    }),
  );
  const rounds = await runRounds(contenders, bench.pairs, bench.say);
  for (const { name, failure } of rounds) if (failure !== undefined) notes.push(`${name}: failed, ${failure}`);
  notes.push(foreignNote(rounds.flatMap(present)));
  const nameOf = new Map<string, PeerName>(theirs.map(({ label, name }) => [label, name]));
  return {
    title: `${spec.name}: ${spec.about}`,
    about: `Full speed, one thread, ${times(bench.pairs, 'round', shape.seconds)}, ${words}. CPU time of the whole process tree, µs per request: median (quartiles).`,
    tables: [
      {
        head: ['tool', 'CPU µs/request', 'requests/s', `${bench.loadtop.name} ÷ it`],
        rows: rounds.map((each) => row(each, rounds[0]!)),
      },
    ],
    goals: [...goalsOf(spec, rounds, nameOf), ...templatedGoal(spec, bench, rounds)],
    notes,
  };
};

/** CPU µs per request by round. */
const costs = ({ results }: Rounds<Measured>): (number | undefined)[] =>
  results.map((result) => result && cpuUsPerRequest(result));

const ratio = (ours: Rounds<Measured>, theirs: Rounds<Measured>): number[] => ratios(costs(ours), costs(theirs));

const row = (each: Rounds<Measured>, ours: Rounds<Measured>): string[] => {
  const results = present(each);
  return [
    each.name,
    spreadText(spread(results.map(cpuUsPerRequest))),
    results.length === 0 ? '–' : short(median(results.map(requestRate))),
    each === ours ? '1' : spreadText(spread(ratio(ours, each))),
  ];
};

const goalsOf = (spec: FullSpeed, rounds: Rounds<Measured>[], nameOf: ReadonlyMap<string, PeerName>): Goal[] =>
  rounds.flatMap((each) => {
    const name = nameOf.get(each.name);
    const limit = name && spec.limits[name];
    if (name === undefined || limit === undefined) return [];
    return [atMost('CPU per request', median(ratio(rounds[0]!, each)), limit, ` × ${peers[name].name}`)];
  });

const templatedGoal = (spec: FullSpeed, bench: Bench, rounds: Rounds<Measured>[]): Goal[] => {
  if (spec.templated === undefined) return [];
  const constant = costs(rounds[0]!);
  const templated = costs(rounds[bench.checkouts.length]!);
  const more = templated.flatMap((cost, round) => {
    const other = constant[round];
    return cost === undefined || other === undefined ? [] : [cost - other];
  });
  return [atMost('templated, more than constant', median(more), 2, ' µs')];
};

export const fullSpeedCases: readonly Case[] = specs.map((spec) => ({
  name: spec.name,
  about: `CPU per request: ${spec.about}`,
  run: (bench) => withTarget(bench, spec.name, bench.pins(true).target, (target) => runFullSpeed(spec, bench, target)),
  profiled: (bench, origin) => fullSpeedArgs(shapeOf(spec, bench, origin)),
}));
