// What in a profile's blocks cannot stand together, as against what cannot stand at all (schema.ts). Where flags meet a
// profile there is none: the flag replaces what it contradicts (commands/effective-profile.ts).

export interface Contradiction {
  /** The key that is named in the message. */
  readonly key: string;
  /** What was expected in its place. */
  readonly expected: string;
}

interface LoadBlock {
  readonly rate?: unknown;
  readonly stages?: unknown;
  readonly users?: unknown;
  readonly burst?: unknown;
  readonly spawnRate?: unknown;
  readonly think?: unknown;
  readonly choose?: unknown;
  readonly grow?: unknown;
}

const drives = [
  ['rate', 'a rate'],
  ['stages', 'stages'],
  ['users', 'users'],
  ['burst', 'a burst'],
] as const;

/** Only one thing drives the load. */
export const loadContradictions = (load: LoadBlock): readonly Contradiction[] => {
  const [first, second] = drives.filter(([key]) => load[key] !== undefined);
  const found: Contradiction[] = [];
  if (first && second) found.push({ key: first[0], expected: `either ${first[1]} or ${second[1]}, not both` });
  if (load.spawnRate !== undefined && load.users === undefined) {
    found.push({ key: 'spawnRate', expected: 'users beside it' });
  }
  if (load.grow !== undefined && typeof load.rate !== 'number') {
    found.push({ key: 'grow', expected: 'a rate beside it, to grow from' });
  }
  if (load.think !== undefined && load.users === undefined) found.push({ key: 'think', expected: 'users beside it' });
  if (load.choose === 'user' && load.users === undefined) {
    found.push({ key: 'choose', expected: 'users beside it, of whom each keeps a scenario; or iteration' });
  }
  return found;
};

interface PhaseBlock {
  readonly load: LoadBlock & {
    readonly duration?: unknown;
    readonly requests?: unknown;
    readonly until?: unknown;
    readonly warmup?: unknown;
  };
  readonly until?: unknown;
  readonly warmup?: unknown;
}

/** A phase says a thing once, and ends by itself: otherwise the next one never comes. */
export const phaseContradictions = ({ load, until, warmup }: PhaseBlock): readonly Contradiction[] => {
  const ends = [load.duration, load.requests, load.stages, load.grow, load.burst].some((end) => end !== undefined);
  const rows: readonly (readonly [boolean, string, string])[] = [
    [until !== undefined && load.until !== undefined, 'until', 'no until beside that of its load'],
    [warmup !== undefined && load.warmup !== undefined, 'warmup', 'no warmup beside that of its load'],
    [!ends && !Array.isArray(load.users), 'load', 'an end in it, such as duration: 1m or requests: 1000'],
  ];
  return rows.filter(([holds]) => holds).map(([, key, expected]) => ({ key, expected }));
};

interface BurstBlock {
  readonly step?: unknown;
  readonly factor?: unknown;
  readonly most?: unknown;
}

/** Rounds grow in one way, and only what grows has a largest. */
export const burstContradictions = (burst: BurstBlock): readonly Contradiction[] => {
  if (burst.step !== undefined && burst.factor !== undefined) {
    return [{ key: 'factor', expected: 'either a step or a factor, not both' }];
  }
  const grows = burst.step !== undefined || burst.factor !== undefined;
  return burst.most !== undefined && !grows ? [{ key: 'most', expected: 'a step or a factor beside it' }] : [];
};

interface GrowBlock {
  readonly step?: unknown;
  readonly factor?: unknown;
}

/** A rate grows in one way. */
export const growContradictions = ({ step, factor }: GrowBlock): readonly Contradiction[] => {
  if (step !== undefined && factor !== undefined) {
    return [{ key: 'factor', expected: 'either a step or a factor, not both' }];
  }
  return step === undefined && factor === undefined
    ? [{ key: 'factor', expected: 'a factor such as 2, or a step such as 500' }]
    : [];
};

interface ConnectionBlock {
  readonly http2?: boolean | undefined;
  readonly pipelining?: number | undefined;
  readonly keepAlive?: boolean | undefined;
  readonly insecure?: boolean | undefined;
  readonly cacert?: unknown;
  readonly cert?: unknown;
  readonly key?: unknown;
  readonly connectTo?: unknown;
  readonly unixSocket?: unknown;
  readonly proxy?: unknown;
  readonly ipv4?: boolean | undefined;
  readonly ipv6?: boolean | undefined;
}

/** Sockets go one way, in one family; what makes each connection new leaves nothing to share; a certificate has its key. */
export const connectionContradictions = (block: ConnectionBlock): readonly Contradiction[] => {
  const [way, otherWay] = (['connectTo', 'unixSocket', 'proxy'] as const).filter((key) => block[key] !== undefined);
  const family = block.ipv4 ? 'ipv4' : 'ipv6';
  const eachNew = block.keepAlive === false;
  const rows: readonly (readonly [boolean, string, string])[] = [
    [otherWay !== undefined, `${otherWay}`, `no ${otherWay} beside ${way}`],
    [block.ipv4 === true && block.ipv6 === true, 'ipv6', 'no ipv6 beside ipv4'],
    [block.unixSocket !== undefined && block[family] === true, family, `no ${family} beside unixSocket`],
    [eachNew && block.http2 === true, 'keepAlive', 'no keepAlive: false beside http2'],
    [eachNew && (block.pipelining ?? 1) > 1, 'keepAlive', 'no keepAlive: false beside pipelining'],
    [block.insecure === true && block.cacert !== undefined, 'insecure', 'no insecure: true beside cacert'],
    [block.cert !== undefined && block.key === undefined, 'cert', 'its key beside it'],
    [block.key !== undefined && block.cert === undefined, 'key', 'its cert beside it'],
  ];
  return rows.filter(([holds]) => holds).map(([, key, expected]) => ({ key, expected }));
};

interface ProbeBlock {
  readonly url: string;
  readonly headers?: readonly (readonly [name: string, value: string])[] | undefined;
  readonly basic?: unknown;
  readonly bearer?: unknown;
  readonly insecure?: boolean | undefined;
  readonly cacert?: unknown;
  readonly cert?: unknown;
  readonly key?: unknown;
}

/** A probe logs in one way; a certificate has its key. */
export const probeContradictions = (block: ProbeBlock): readonly Contradiction[] => {
  const header = block.headers?.some(([name]) => name.toLowerCase() === 'authorization') ?? false;
  const inUrl = /^https?:\/\/[^/?#]*@/i.test(block.url);
  const ways: readonly (readonly [boolean, string, string])[] = [
    [inUrl, 'url', 'a user name in the URL'],
    [block.basic !== undefined, 'basic', 'basic'],
    [block.bearer !== undefined, 'bearer', 'bearer'],
    [header, 'headers', 'an Authorization header'],
  ];
  const [first, second] = ways.filter(([is]) => is);
  const found: Contradiction[] = [];
  if (first && second)
    found.push({ key: second[1], expected: `no ${second[2].replace(/^an? /, '')} beside ${first[2]}` });
  if (block.insecure === true && block.cacert !== undefined) {
    found.push({ key: 'insecure', expected: 'no insecure: true beside cacert' });
  }
  if (block.cert !== undefined && block.key === undefined) found.push({ key: 'cert', expected: 'its key beside it' });
  if (block.key !== undefined && block.cert === undefined) found.push({ key: 'key', expected: 'its cert beside it' });
  return found;
};
