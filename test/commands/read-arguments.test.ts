import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../source/commands/flag-values.ts';
import { environmentName, exclusiveFlags, flagTable } from '../../source/commands/flags.ts';
import { type Invocation, readArguments } from '../../source/commands/read-arguments.ts';
import { UserError } from '../../source/common/errors.ts';

type Environment = Record<string, string>;
const url = 'http://localhost:3000/x';

const valuesOf = (argv: readonly string[], environment: Environment = {}): FlagValues => {
  const invocation = readArguments(argv, environment);
  if (invocation.command !== 'run' && invocation.command !== 'demo') throw new Error('no run');
  return invocation.values;
};

const errorOf = (argv: readonly string[], environment: Environment = {}): UserError => {
  try {
    readArguments(argv, environment);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`accepted: ${argv.join(' ')}`);
};

const subjectOf = (...argv: string[]): unknown => {
  const invocation: Invocation = readArguments(argv, {});
  return invocation.command === 'run' ? invocation.subject : invocation.command;
};

describe('what is asked for', () => {
  test.each([
    [['http://localhost:3000/a'], { type: 'url', url: 'http://localhost:3000/a' }],
    [['run', 'http://localhost:3000/a'], { type: 'url', url: 'http://localhost:3000/a' }],
    [['localhost:3000/x.json'], { type: 'url', url: 'http://localhost:3000/x.json' }],
    [['localhost'], { type: 'url', url: 'http://localhost/' }],
    [['127.0.0.1/x'], { type: 'url', url: 'http://127.0.0.1/x' }],
    [['[::1]:8080'], { type: 'url', url: 'http://[::1]:8080/' }],
    [['https://example.com/a.yaml'], { type: 'url', url: 'https://example.com/a.yaml' }],
    [['load.yaml'], { type: 'profile', path: 'load.yaml' }],
    [['run', 'load.yml'], { type: 'profile', path: 'load.yml' }],
    [['profiles/load.json'], { type: 'profile', path: 'profiles/load.json' }],
    [['orders.ts'], { type: 'profile', path: 'orders.ts' }],
    [['run', 'orders.mjs'], { type: 'profile', path: 'orders.mjs' }],
    [['./10.0.0.1'], { type: 'profile', path: './10.0.0.1' }],
    [['/etc/load'], { type: 'profile', path: '/etc/load' }],
    [['run', 'events-simple'], { type: 'profile', path: 'events-simple' }],
    [['run', 'demo'], { type: 'profile', path: 'demo' }],
    [['--', '-odd.yaml'], { type: 'profile', path: '-odd.yaml' }],
    [['-q', '5', 'load.yaml', '--json'], { type: 'profile', path: 'load.yaml' }],
    [['demo'], 'demo'],
    [['demo', '-q', '5'], 'demo'],
    [['help'], 'help'],
    [['-h'], 'help'],
    [['demo', '--help'], 'help'],
    [['http://x', '-q', 'wrong', '--help'], 'help'],
    [['version'], 'version'],
    [['--version'], 'version'],
  ])('by %j is seen', (argv, expected) => {
    expect(subjectOf(...argv)).toEqual(expected);
  });

  test.each([
    [[], 'nothing to load: found no URL and no profile', /for example: loadtop http/],
    [['run'], 'nothing to load: found no URL and no profile', /./],
    [['example.com/x'], /^found "example\.com\/x", expected http:\/\/ or https:\/\/ in front/, /profile/],
    [['ftp://localhost'], 'found "ftp://localhost", expected http:// or https://', /for example/],
    [['http://me:hush@localhost'], /^found "http:\/\/me:\*\*\*@localhost", expected a URL without user name/, /./],
    [['a.yaml', 'b.yaml'], 'found "b.yaml" after "a.yaml", expected flags only', /quote/],
    [['rnu', 'a.yaml'], 'found "a.yaml" after "rnu", expected flags only', /did you mean loadtop run a\.yaml\?/],
    [['demo', 'a.yaml'], /after "demo"/, /./],
  ])('by %j is refused', (argv, message, hint) => {
    const error = errorOf(argv);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(error.exitCode).toBe(2);
  });
});

describe('a flag in any spelling', () => {
  test.each<[readonly string[], Partial<FlagValues>]>([
    [['-q', '500'], { rate: 500 }],
    [['-q500'], { rate: 500 }],
    [['-qmax'], { rate: 'max' }],
    [['-q=2.5k'], { rate: 2500 }],
    [['-R', '50/s'], { rate: 50 }],
    [['--rate=3000/m'], { rate: 50 }],
    [['-z', '30'], { durationMs: 30_000 }],
    [['-z1h30m'], { durationMs: 5_400_000 }],
    [['--run-time', '0'], { durationMs: 0 }],
    [['-c', '1k', '-n', '10k'], { connections: 1000, requests: 10_000 }],
    [['-m', 'put'], { method: 'PUT' }],
    [
      ['-H', 'A: b', '-HC: d', '--header=E: -f'],
      {
        headers: [
          ['A', 'b'],
          ['C', 'd'],
          ['E', '-f'],
        ],
      },
    ],
    [['-d', '{"a":"b=c"}'], { body: '{"a":"b=c"}', bodyFile: undefined }],
    [['-d', '"quoted"'], { body: '"quoted"' }],
    [['-d', '-5', '-m', 'POST'], { body: '-5' }],
    [['-d', ''], { body: '' }],
    [['-d', '@event.json'], { body: undefined, bodyFile: 'event.json' }],
    [['-D', 'event.json'], { bodyFile: 'event.json' }],
    [['-d', '30s', '-m', 'POST'], { body: '30s' }],
    [['-T', 'text/plain; charset=utf-8'], { contentType: 'text/plain; charset=utf-8' }],
    [['-t', '2s'], { timeoutMs: 2000 }],
    [['-w', 'auto'], { workers: 'auto' }],
    [['-w2'], { workers: 2 }],
    [
      ['--stages', '30s:500,10s:0'],
      {
        stages: [
          { lengthMs: 30_000, rate: 500 },
          { lengthMs: 10_000, rate: 0 },
        ],
      },
    ],
    [['-u', '200', '--spawn-rate', '10'], { users: 200, spawnRate: 10 }],
    [['-u0', '--stages', '30s:20'], { users: 0, stages: [{ lengthMs: 30_000, rate: 20 }] }],
    [['--users=1k', '--spawn-rate', '600/m', '--run-time', '60'], { users: 1000, spawnRate: 10, durationMs: 60_000 }],
    [['--burst', '1000'], { burst: [1000], burstPauseMs: undefined, errorLimit: undefined }],
    [['--burst', '1kx5', '--burst-pause', '500ms'], { burst: [1000, 1000, 1000, 1000, 1000], burstPauseMs: 500 }],
    [['--max-rate', '5k', '--warmup', '10', '--grace', '0'], { maxRate: 5000, warmupMs: 10_000, graceMs: 0 }],
    [['--http2', '--pipelining', '32'], { connection: { http2: true, pipelining: 32 } }],
    [['--disable-keepalive', '--connect-timeout', '1s'], { connection: { keepAlive: false, connectTimeoutMs: 1000 } }],
    [['-k', '--cert', 'c.pem', '--key', 'k.pem'], { connection: { verify: false, cert: 'c.pem', key: 'k.pem' } }],
    [['--cacert', 'ca.pem', '-4'], { connection: { cacert: 'ca.pem', family: 4 } }],
    [['--ipv4'], { connection: { family: 4 } }],
    [['-6', '-q', '5'], { rate: 5, connection: { family: 6 } }],
    [['--connect-to', 'a.example:443:[::1]:8443'], { connection: { connectTo: 'a.example:443:[::1]:8443' } }],
    [['--unix-socket', '/run/app.sock'], { connection: { unixSocket: '/run/app.sock' } }],
    [['--proxy', 'me:hush@localhost:8888'], { connection: { proxy: 'http://me:hush@localhost:8888/' } }],
    [['-a', 'me:sé:cret'], { headers: [['Authorization', 'Basic bWU6c8OpOmNyZXQ=']] }],
    [
      ['-H', 'A: b', '--auth=me:'],
      {
        headers: [
          ['A', 'b'],
          ['Authorization', 'Basic bWU6'],
        ],
      },
    ],
    [['--max-in-flight', '7', '--overflow', 'drop'], { maxInFlight: 7, overflow: 'drop' }],
    [['--arrivals', 'Poisson', '--seed', '7'], { arrivals: 'poisson', seed: 7 }],
    [
      ['--probe-header', 'X-A: b', '--probe-header=Authorization: Bearer x', '--metric', 'buffer_*', '--metric', 'q'],
      {
        probeHeaders: [
          ['X-A', 'b'],
          ['Authorization', 'Bearer x'],
        ],
        headers: [],
        pins: ['buffer_*', 'q'],
      },
    ],
    [['--health', '/h', '--health', '/i'], { health: ['/h', '/i'] }],
    [
      ['--metrics', ':9464/metrics', '--mongo', 'mongodb://localhost'],
      { metrics: [':9464/metrics'], mongo: ['mongodb://localhost'] },
    ],
    [['--no-probe'], { probe: false }],
    [['--no-tui'], { tui: false }],
    [['--headless', '--no-tui'], { tui: false }],
    [['--fps', '10'], { fps: 10 }],
    [['--json', '-o', 'out/a.json'], { json: true, out: 'out/a.json' }],
    [['--record', 'a.jsonl'], { record: 'a.jsonl' }],
    [['--no-record'], { record: false }],
    [['--no-color', '--ascii', '--yes'], { color: false, ascii: true, yes: true }],
    [['--theme', 'light'], { theme: 'light' }],
    [[], { theme: undefined }],
    [
      [],
      {
        rate: undefined,
        users: undefined,
        spawnRate: undefined,
        burst: undefined,
        maxRate: undefined,
        warmupMs: undefined,
        graceMs: undefined,
        connection: { http2: undefined, keepAlive: undefined, verify: undefined, family: undefined },
        headers: [],
        health: undefined,
        probe: true,
        tui: true,
        json: false,
        record: undefined,
        color: true,
        ascii: false,
        yes: false,
      },
    ],
  ])('%j is read', (argv, expected) => {
    expect(valuesOf([url, ...argv])).toMatchObject(expected);
    expect(valuesOf([...argv, url])).toMatchObject(expected);
  });

  test('keeps the text of a value as it was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, attached) => {
        fc.pre(!text.startsWith('@') && !(attached && text === '') && !flagTokens.has(text));
        const argv = attached ? [`--body=${text}`] : ['-d', text];
        expect(valuesOf([url, '-m', 'POST', ...argv]).body).toBe(text);
      }),
    );
  });
});

const flagTokens = new Set(
  flagTable.flatMap(({ name, short, aliases }) => [
    `--${name}`,
    ...(short ? [`-${short}`] : []),
    ...(aliases ?? []).map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`)),
  ]),
);

describe('flags that contradict each other', () => {
  const written = (name: string): string[] => {
    const flag = flagTable.find((each) => each.name === name)!;
    return [`--${name}`, ...(flag.example === undefined ? [] : [flag.example])];
  };

  test.each(exclusiveFlags)('--%s and --%s are refused together', (one, other) => {
    expect(errorOf([url, ...written(other), ...written(one)]).message).toBe(
      `--${one} and --${other} contradict each other`,
    );
  });

  test.each([
    ['rate', 'pipelining'],
    ['users', 'stages'],
    ['users', 'spawn-rate'],
    ['burst', 'burst-pause'],
    ['http2', 'pipelining'],
    ['http2', 'proxy'],
    ['insecure', 'cert'],
    ['proxy', 'ipv4'],
  ])('--%s and --%s are not', (one, other) => {
    expect(() => valuesOf([url, ...written(one), ...written(other)])).not.toThrow();
  });
});

describe('a value that cannot be meant is refused with flag, finding, expectation and example', () => {
  test.each([
    [
      ['-q', 'fast'],
      '-q: found "fast", expected a rate such as 500, 2.5k, 50/s or 3000/m, or \'max\' for full speed',
      'for example -q 500',
    ],
    [['--rate', '-5'], /^--rate: found "-5", expected a rate/, 'for example --rate 500'],
    [['-q', ''], /^-q: found nothing, expected a rate/, 'for example -q 500'],
    [
      ['-z', 'soon'],
      '-z: found "soon", expected a duration such as 500ms, 30s, 3m or 1h30m (a bare number is seconds)',
      'for example -z 30s',
    ],
    [['-z', '-c', '5'], '-z: found the flag -c, expected TIME', 'for example -z 30s'],
    [['-z'], '-z: found nothing, expected TIME', 'for example -z 30s'],
    [['-c', '0'], '-c: found "0", expected a whole number of at least 1', 'for example -c 100'],
    [['-n', '1.5'], '-n: found "1.5", expected a whole number of at least 1', 'for example -n 1000'],
    [
      ['-H', 'Accept'],
      '-H: found "Accept", expected a header such as \'Accept: application/json\'',
      "for example -H 'Accept: application/json'",
    ],
    [['-H', 'X-Token: hush\u0001'], /^-H: found "X-Token: \*\*\*", expected a header value in one line/, /for example/],
    [['-m', 'FETCH'], /^-m: found "FETCH", expected one of GET, POST/, 'for example -m PUT'],
    [['-T', 'json'], '-T: found "json", expected a media type', 'for example -T text/plain'],
    [['-t', '0'], /^-t: found "0", expected a duration between/, 'for example -t 10s'],
    [['-w', 'many'], /^-w: found "many", expected a whole number between 1 and 256, or auto/, 'for example -w 2'],
    [
      ['--stages', '30s'],
      '--stages: found "30s", expected a stage such as 30s:500',
      'for example --stages 30s:500,2m:500,10s:0',
    ],
    [['-u', '-1'], '-u: found "-1", expected a whole number of at least 0', 'for example -u 200'],
    [['-u', '2M'], '-u: found "2M", expected a whole number of users up to 1,000,000', 'for example -u 200'],
    [
      ['--spawn-rate', '0'],
      '--spawn-rate: found "0", expected a rate above 0, such as 10 or 2.5k',
      'for example --spawn-rate 10',
    ],
    [
      ['--burst', '10x'],
      '--burst: found "10x", expected a number of requests such as 1000, with rounds 1000x5, stepped up 10..1000+10, or doubled 25..800*2',
      'for example --burst 10..1000+10',
    ],
    [['--burst', '0'], '--burst: found "0", expected a whole number of at least 1', 'for example --burst 10..1000+10'],
    [
      ['--burst', '1x20000'],
      '--burst: found "1x20000", expected at most 10,000 rounds',
      'for example --burst 10..1000+10',
    ],
    [['--max-rate', 'max'], /^--max-rate: found "max", expected a rate such as 500/, 'for example --max-rate 5k'],
    [['--warmup', 'soon'], /^--warmup: found "soon", expected a duration/, 'for example --warmup 10s'],
    [['--connect-timeout', '0'], /expected a duration between 1ms and 24h/, 'for example --connect-timeout 1s'],
    [['--pipelining', '0'], '--pipelining: found "0", expected a whole number of at least 1', /--pipelining 10/],
    [
      ['--connect-to', '127.0.0.1'],
      '--connect-to: found "127.0.0.1", expected HOST:PORT to connect to, such as 127.0.0.1:8443',
      'for example --connect-to 127.0.0.1:8443',
    ],
    [
      ['--proxy', 'https://me:hush@localhost'],
      '--proxy: found "https://me:***@localhost", expected the URL of an HTTP proxy such as http://localhost:8888',
      'for example --proxy http://localhost:8888',
    ],
    [['--cacert', ''], '--cacert: found nothing, expected the path of a file', 'for example --cacert ca.pem'],
    [
      ['--probe-header', 'Authorization hush'],
      '--probe-header: found "Authorization …", expected a header such as \'Accept: application/json\'',
      "for example --probe-header 'Authorization: Bearer token'",
    ],
    [
      ['--probe-header', 'X-Api-Key: hush\nhush'],
      '--probe-header: found "X-Api-Key: ***", expected a header value in one line of Latin characters',
      /for example/,
    ],
    [['--metric', 'a b'], '--metric: found "a b", expected a name of metrics such as buffer_*', /for example --metric/],
    [['-a', 'hush'], '-a: found "***", expected a user and a password such as me:secret', 'for example -a me:secret'],
    [['-a', 'me:hush', '-H', 'authorization: x'], "-a and -H 'Authorization: …' say the same thing twice", /leave one/],
    [['-4', '--ipv6'], '-4 and --ipv6 contradict each other', 'leave one of them out'],
    [['-u', '5', '-q', '5'], '-q and -u contradict each other', 'leave one of them out'],
    [['--burst', '5', '-u', '5'], '-u and --burst contradict each other', 'leave one of them out'],
    [['--proxy', 'localhost', '--unix-socket', 's'], '--unix-socket and --proxy contradict each other', /leave one/],
    [['-z', '-4'], '-z: found the flag -4, expected TIME', 'for example -z 30s'],
    [['-k4'], '-k: found "4", expected no value', 'write -k alone'],
    [['-5'], 'unknown flag -5', 'loadtop --help lists the flags'],
    [['--fps', '0'], '--fps: found "0", expected a whole number from 1 to 30', 'for example --fps 10'],
    [['--fps', '31'], '--fps: found "31", expected a whole number from 1 to 30', 'for example --fps 10'],
    [['--fps', '2.5'], '--fps: found "2.5", expected a whole number from 1 to 30', 'for example --fps 10'],
    [['--overflow', 'spill'], '--overflow: found "spill", expected queue or drop', 'for example --overflow drop'],
    [
      ['--arrivals', 'random'],
      '--arrivals: found "random", expected uniform or poisson',
      'for example --arrivals poisson',
    ],
    [['--seed', 'x'], /^--seed: found "x", expected a whole number/, 'for example --seed 7'],
    [
      ['--health', 'example.com/h'],
      /^--health: found "example\.com\/h", expected http/,
      'for example --health /health',
    ],
    [
      ['--mongo', 'mongo://me:hush@h'],
      /^--mongo: found "mongo:\/\/me:\*\*\*@h", expected a URI/,
      'for example --mongo mongodb://localhost:27017',
    ],
    [
      ['-o', 'a.html'],
      '-o: found "a.html", expected the path of a file that ends in .json',
      'for example -o result.json',
    ],
    [['--record', ''], '--record: found nothing, expected the path of a file', 'for example --record run.jsonl'],
    [['-d', '@'], /^-d: found "@", expected the path of a file/, /for example/],
    [
      ['-d', '30s'],
      '-d: found "30s", which looks like a duration, expected a body',
      'the length of the run is -z 30s; to send the text as a body, add -m POST',
    ],
    [['-d', '30'], /looks like a duration/, /-z 30;/],
    [['--json=yes'], '--json: found "yes", expected no value', 'write --json alone'],
    [['-q', '5', '--rate', '6'], '-q and --rate: found twice, expected once', undefined],
    [['-z', '5', '-z', '6'], '-z: found twice, expected once', undefined],
    [['-q', '5', '--stages', '5s:1'], '-q and --stages contradict each other', 'leave one of them out'],
    [['--record', 'a', '--no-record'], '--record and --no-record contradict each other', 'leave one of them out'],
    [['-d', 'x', '-D', 'y'], '-d and -D contradict each other', 'leave one of them out'],
    [['--no-probe', '--health', '/h'], '--no-probe and --health contradict each other', 'leave one of them out'],
    [['--host', 'http://localhost'], '--host does not fit here: the URL names the host', 'leave --host out'],
    [['--conections', '5'], 'unknown flag --conections', 'did you mean --connections?'],
    [['--conections=5'], 'unknown flag --conections', 'did you mean --connections?'],
    [['-rate', '5'], 'unknown flag -rate', 'did you mean --rate?'],
    [['-x'], 'unknown flag -x', 'loadtop --help lists the flags'],
    [['--no-rate'], 'unknown flag --no-rate', /./],
    [['--probe'], 'unknown flag --probe', /./],
    [['--__proto__=1'], /unknown flag/, /./],
    [['--html', 'a.html'], '--html: there is no HTML report', /-o FILE\.json/],
    [['--html=a.html'], '--html: there is no HTML report', /-o FILE\.json/],
    [['--set', 'A=1'], '--set does not fit here: only a profile has variables', 'leave --set out'],
  ])('%j', (argv, message, hint) => {
    const error = errorOf([url, ...argv]);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
    if (hint instanceof RegExp) expect(error.hint).toMatch(hint);
    else expect(error.hint).toBe(hint);
    expect(error.exitCode).toBe(2);
  });

  test.each([
    [['--set', 'A'], '--set: found "A", expected a name and a value such as RATE=2k'],
    [['--set', '=x'], '--set: found "=…", expected a name and a value such as RATE=2k'],
    [['--set', 'A B=hush'], '--set: found "A B=…", expected a name and a value such as RATE=2k'],
    [['-m', 'PUT'], /^-m does not fit here: a profile says so/],
    [['-d', 'x'], /^-d does not fit here/],
    [['-d', '30s'], /looks like a duration/],
    [['-T', 'a/b'], /^-T does not fit here/],
  ])('%j beside a profile', (argv, message) => {
    expect(errorOf(['load.yaml', ...argv]).message).toMatch(message);
  });

  test.each([
    [['--host', 'http://localhost'], /^--host does not fit here: demo starts its own target/],
    [['--proxy', 'http://localhost'], /^--proxy does not fit here: demo starts its own target/],
    [['--http2'], /^--http2 does not fit here: demo starts its own target/],
    [['-d', 'x'], /^-d does not fit here: demo has requests/],
  ])('%j beside demo', (argv, message) => {
    expect(errorOf(['demo', ...argv]).message).toMatch(message);
  });

  test('any command line at all is understood or a UserError', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'run',
        'demo',
        url,
        'a.yaml',
        '--',
        '-',
        '-q',
        '--rate',
        '-z',
        '5',
        'max',
        '--json',
        '--no-record',
        '-H',
      ),
      fc.constantFrom(...flagTokens),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
        try {
          readArguments(argv, {});
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as UserError).message).not.toMatch(/undefined|\[object/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the environment', () => {
  test('stands in for every long flag but help and version', () => {
    const names = flagTable.flatMap(({ name }) => environmentName(name) ?? []);
    expect(names).toHaveLength(flagTable.length - 2);
    expect(names).toContain('LOADTOP_MAX_IN_FLIGHT');
    expect(new Set(names).size).toBe(names.length);
  });

  test.each<[Environment, readonly string[], Partial<FlagValues>]>([
    [{ LOADTOP_RATE: '7' }, [], { rate: 7 }],
    [{ LOADTOP_RATE: '7' }, ['-q', '8'], { rate: 8 }],
    [{ LOADTOP_RATE: '7' }, ['--stages', '1s:1'], { rate: undefined, stages: [{ lengthMs: 1000, rate: 1 }] }],
    [{ LOADTOP_RECORD: 'a' }, ['--no-record'], { record: false }],
    [{ LOADTOP_NO_RECORD: '1' }, ['--record', 'a'], { record: 'a' }],
    [{ LOADTOP_NO_TUI: 'true', LOADTOP_JSON: '0' }, [], { tui: false, json: false }],
    [
      { LOADTOP_HEADER: 'A: b\nC: d' },
      [],
      {
        headers: [
          ['A', 'b'],
          ['C', 'd'],
        ],
      },
    ],
    [{ LOADTOP_HEADER: 'A: b' }, ['-H', 'C: d'], { headers: [['C', 'd']] }],
    [{ LOADTOP_DURATION: '' }, [], { durationMs: undefined }],
    [{ LOADTOP_HOST: 'nonsense of another run' }, [], { host: undefined }],
    [{ RATE: '7', LOADTOP_HOME: '/x' }, [], { rate: undefined }],
    [{ LOADTOP_USERS: '7', LOADTOP_SPAWN_RATE: '2' }, [], { users: 7, spawnRate: 2 }],
    [{ LOADTOP_USERS: '7', LOADTOP_SPAWN_RATE: '2' }, ['-q', '5'], { users: undefined, spawnRate: undefined, rate: 5 }],
    [{ LOADTOP_HTTP2: '1', LOADTOP_IPV6: '1' }, [], { connection: { http2: true, family: 6 } }],
    [{ LOADTOP_IPV6: '1', LOADTOP_INSECURE: '0' }, ['-4'], { connection: { verify: undefined, family: 4 } }],
    [{ LOADTOP_PROXY: 'localhost:1' }, ['--connect-to', 'b:2'], { connection: { proxy: undefined, connectTo: 'b:2' } }],
    [{ LOADTOP_AUTH: 'a:b' }, [], { headers: [['Authorization', 'Basic YTpi']] }],
  ])('%j with %j', (environment, argv, expected) => {
    expect(valuesOf([url, ...argv], environment)).toMatchObject(expected);
  });

  test('does not lead the demo away from its target', () => {
    const environment = { LOADTOP_PROXY: 'nonsense of another run', LOADTOP_HTTP2: '1', LOADTOP_USERS: '5' };
    expect(valuesOf(['demo'], environment)).toMatchObject({
      users: 5,
      connection: { proxy: undefined, http2: undefined },
    });
  });

  test('knows flags by their other long names, too', () => {
    expect(valuesOf([url], { LOADTOP_RUN_TIME: '90', LOADTOP_HEADLESS: '1' })).toMatchObject({
      durationMs: 90_000,
      tui: false,
    });
    expect(valuesOf([url], { LOADTOP_RUN_TIME: '90', LOADTOP_DURATION: '5' }).durationMs).toBe(5000);
    expect(valuesOf([url, '-z', '7'], { LOADTOP_RUN_TIME: '90' }).durationMs).toBe(7000);
    expect(errorOf([url], { LOADTOP_RUN_TIME: 'long' }).message).toMatch(/^LOADTOP_RUN_TIME: found "long"/);
  });

  test('sets variables of a profile, a line each, and is silent beside a URL', () => {
    expect(valuesOf(['a.yaml'], { LOADTOP_SET: 'A=1\nB=x=y' }).set).toEqual([
      ['A', '1'],
      ['B', 'x=y'],
    ]);
    expect(valuesOf([url], { LOADTOP_SET: 'A=1' }).durationMs).toBeUndefined();
  });

  test('replaces the host of a profile', () => {
    expect(valuesOf(['a.yaml'], { LOADTOP_HOST: 'localhost:8000' }).host).toBe('http://localhost:8000');
  });

  test.each<[Environment, RegExp, string | undefined]>([
    [{ LOADTOP_RATE: 'fast' }, /^LOADTOP_RATE: found "fast", expected a rate/, 'for example LOADTOP_RATE=500'],
    [{ LOADTOP_JSON: 'maybe' }, /^LOADTOP_JSON: found "maybe", expected 1 or 0$/, undefined],
    [
      { LOADTOP_RATE: '5', LOADTOP_STAGES: '5s:1' },
      /^LOADTOP_RATE and LOADTOP_STAGES contradict/,
      'leave one of them out',
    ],
  ])('is named where it is wrong: %j', (environment, message, hint) => {
    const error = errorOf([url], environment);
    expect(error.message).toMatch(message);
    expect(error.hint).toBe(hint);
  });
});

const read = (...argv: string[]): Invocation => readArguments(argv, {});

describe('doctor', () => {
  test('takes a URL, a profile or nothing, and the flags of a run', () => {
    expect(read('doctor')).toMatchObject({ command: 'doctor', subject: undefined });
    expect(read('doctor', '-u', '200', '--json')).toMatchObject({
      subject: undefined,
      values: { users: 200, json: true },
    });
    expect(read('doctor', 'localhost:3000', '-q', '2k')).toMatchObject({
      command: 'doctor',
      subject: { type: 'url', url: 'http://localhost:3000/' },
      values: { rate: 2000 },
    });
    expect(read('doctor', 'a.yaml', '--host', 'http://localhost:1', '--check-health')).toMatchObject({
      subject: { type: 'profile', path: 'a.yaml' },
      values: { host: 'http://localhost:1', checkHealth: true },
    });
  });

  test('refuses what says something of a target that there is not', () => {
    expect(() => read('doctor', '-d', '{}')).toThrow(/no URL and no profile/);
    expect(() => read('doctor', '--check-health')).toThrow(/no URL and no profile/);
  });
});

describe('--check-health', () => {
  test('contradicts --no-probe, and has no place in the demo', () => {
    expect(() => read('localhost', '--check-health', '--no-probe')).toThrow(/contradict/);
    expect(() => read('demo', '--check-health')).toThrow(/does not fit/);
    expect(read('localhost', '--check-health')).toMatchObject({ values: { checkHealth: true } });
    expect(read('localhost')).toMatchObject({ values: { checkHealth: false } });
  });
});

describe('ctl', () => {
  const read = (...argv: string[]) => readArguments(['ctl', ...argv], { LOADTOP_RATE: '5', LOADTOP_TIMEOUT: 'never' });

  test.each([
    [['run.sock'], undefined],
    [['run.sock', ':rate 1k'], ':rate 1k'],
    [['run.sock', 'rate', '1k'], 'rate 1k'],
    [['run.sock', 'mark', 'two\nlines'], 'mark two lines'],
    [['run.sock', 'help'], 'help'],
    [['run.sock', '  '], undefined],
  ])('takes the path of a socket, and a command or none: %j', (argv, line) => {
    expect(read(...argv)).toEqual({ command: 'ctl', path: 'run.sock', line, timeoutMs: undefined });
  });

  test('takes -t, and no other flag', () => {
    expect(read('run.sock', 'status', '-t', '2s')).toMatchObject({ line: 'status', timeoutMs: 2000 });
    expect(() => read('run.sock', '-q', '5')).toThrow(/-q does not fit here/);
    expect(() => read()).toThrow(/expected that of a control socket/);
  });
});
