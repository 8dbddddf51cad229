// Puts the parts of a worker together from its spec: what connections, iterations and the load model need to know.

import { keyOf } from '../common/random.ts';
import { arrivalsOf } from '../load/arrivals.ts';
import { scenarioChoice } from '../load/scenario-choice.ts';
import { betweenIterations, thinkMs } from '../load/think.ts';
import { userClasses } from '../load/user-classes.ts';
import type { Recorder } from '../measure/recorder.ts';
import type { AddressBook } from './address-book.ts';
import { BurstModel } from './burst-model.ts';
import { ClosedModel } from './closed-model.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { Dialler } from './dial.ts';
import type { ExchangeListener } from './exchange.ts';
import type { IterationSettings, Iterations } from './iteration.ts';
import type { LoadModel } from './load-model.ts';
import { OpenModel } from './open-model.ts';
import type { Pool } from './pool.ts';
import type { ProfileFunctions } from './profile-functions.ts';
import type { FromWorker, WorkerSpec, WorkerStart } from './protocol.ts';
import { Redirects } from './redirects.ts';
import { RowReader } from './row-reader.ts';
import { plainSource } from './template-value.ts';
import { UploadFiles } from './upload-files.ts';

/** What every connection of the worker needs. */
export const connectionSettings = (
  spec: Pick<WorkerSpec, 'origin' | 'transport' | 'connectTimeoutMs'>,
  { book, ...rest }: Pick<ConnectionSettings, 'counterOf' | 'now'> & { readonly book: AddressBook },
): ConnectionSettings => {
  const { origin, transport, connectTimeoutMs } = spec;
  const { perConnection, keepAlive } = transport;
  const dialler = new Dialler({ origin, transport, book, limitMs: connectTimeoutMs });
  return { origin, dialler, perConnection, keepAlive, ...rest };
};

/** What iterations need. */
export const iterationSettings = (
  spec: Pick<
    WorkerSpec,
    'origin' | 'transport' | 'scenarios' | 'choose' | 'feeders' | 'files' | 'share' | 'seed' | 'limits'
  >,
  now: () => number,
  wallAt: number,
  note: (text: string) => void = () => {},
  functions?: ProfileFunctions,
): IterationSettings => {
  const { origin, transport, scenarios, choose, feeders, seed, limits } = spec;
  const files = new UploadFiles(spec.files);
  const scheme = origin.secure ? 'https' : 'http';
  const host = origin.hostname.includes(':') ? `[${origin.hostname}]` : origin.hostname;
  const authority = origin.port === (origin.secure ? 443 : 80) ? host : `${host}:${origin.port}`;
  // A proxy for http is asked for the whole URL (RFC 9112, section 3.2.2); for https there is a tunnel.
  const proxy = transport.via.type === 'proxy' && !origin.secure ? transport.via : undefined;
  const pathPrefix = proxy ? `${scheme}://${authority}` : '';
  const proxyLogin = proxy?.authorization;
  const stride = spec.share?.count ?? 1;
  const rows = feeders.map((table) => new RowReader(table, seed, stride));
  const source = { ...plainSource(seed, wallAt), rows, functions };
  const weights = scenarios.map(({ weight }) => weight);
  return {
    scenarios,
    choose: choose === 'user' ? byUser(weights) : scenarioChoice(weights, seed),
    request: {
      source,
      pathPrefix,
      proxyLogin,
      keepAlive: transport.keepAlive,
      http2: transport.http2,
      scheme,
      authority,
      files,
    },
    timeoutMs: limits.timeoutMs,
    host: origin,
    now,
    note,
  };
};

/** The scenario of whoever's iteration it is. */
const byUser = (weights: readonly number[]): IterationSettings['choose'] => {
  const classOf = userClasses(weights);
  return (_, person) => classOf(Math.max(0, person));
};

/** How long a user rests after an iteration, by its scenario. */
const thinkOf = ({ scenarios, seed, model }: WorkerSpec): ((scenario: number, n: number) => number) => {
  if (model === 'full speed') return () => 0;
  const thinks = scenarios.map(({ think }) => think);
  const key = keyOf(seed, betweenIterations);
  return (scenario, n) => {
    const think = thinks[scenario];
    return think === undefined ? 0 : thinkMs(think, key, n);
  };
};

/** Who listens to connections: iterations, and before them who follows redirects where a step says so. */
export const listenerOf = ({ scenarios }: Pick<WorkerSpec, 'scenarios'>, iterations: Iterations): ExchangeListener => {
  const follows = scenarios.some(({ steps }) => steps.some(({ redirects }) => redirects));
  return follows
    ? new Redirects(iterations, (exchange, request) => iterations.hearAgain(exchange, request))
    : iterations;
};

/** What a load model works with. */
export interface ModelParts {
  readonly pool: Pool;
  readonly iterations: Iterations;
  readonly recorder: Recorder;
  readonly now: () => number;
  readonly tell: (message: FromWorker) => void;
}

/** The load model of the run. */
export const modelOf = (spec: WorkerSpec, start: WorkerStart, parts: ModelParts): LoadModel => {
  const { pool, iterations, recorder, now, tell } = parts;
  const { share, limit, overflow, seed, limits, transport } = spec;
  const progress = new Float64Array(spec.progress);
  switch (spec.model) {
    case 'open': {
      const problem = (text: string): void => tell({ type: 'problem', text });
      const { maxInFlight } = limits;
      const arrivals = arrivalsOf(spec.arrivals, seed);
      return new OpenModel(
        { share, arrivals, limit, maxInFlight, overflow, progress, now, problem },
        start,
        pool,
        iterations,
        recorder,
      );
    }
    case 'closed':
    case 'full speed': {
      const perConnection = spec.model === 'full speed' ? transport.perConnection : undefined;
      const think = thinkOf(spec);
      const numbersInTurn = spec.feeders.some(({ order }) => order === 'unique');
      return new ClosedModel(
        { share, limit, perConnection, numbersInTurn, think, progress, now },
        start,
        pool,
        iterations,
        recorder,
      );
    }
    case 'burst':
      return new BurstModel(
        { share: share ?? { index: 0, count: 1 }, progress, now, tell: (event) => tell({ type: 'burst', event }) },
        start,
        pool,
        iterations,
        recorder,
      );
  }
};
