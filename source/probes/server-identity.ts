// Which MongoDB server answers, in which role and since when, as its serverStatus tells: the title, the facts, and what
// changed from one answer to the next. Pure.

import { safeText } from '../common/safe-text.ts';
import { formatLength } from '../common/units.ts';
import type { Fact, Notice } from './probe.ts';
import { number, part, type StatusDocument, text } from './status-document.ts';
import { factRank } from './status-row.ts';

/** How long the server has been up, ms; 0 where it does not tell. */
export const uptimeOf = (document: StatusDocument): number =>
  number(document, 'uptimeMillis') ?? (number(document, 'uptime') ?? 0) * 1000;

export const isMongos = (now: StatusDocument): boolean => processName(now) === 'mongos';

/** The program's name, without the folder and the ending that it was started with. */
const processName = (now: StatusDocument): string | undefined =>
  text(now, 'process')
    ?.split(/[/\\]/)
    .at(-1)
    ?.replace(/\.exe$/i, '');

/** What the program is called where it is not MongoDB's own: `simulated` for `simulated mongod`. */
const otherProgram = (now: StatusDocument): string | undefined => {
  const name = processName(now);
  if (name === undefined || name === 'mongod' || name === 'mongos') return undefined;
  return name.replace(/ mongo[ds]$/, '');
};

/** `rs0 primary`, `mongos`, or undefined for a server on its own. */
export const roleOf = (now: StatusDocument): string | undefined => {
  const set = text(now, 'repl', 'setName');
  if (set === undefined) return isMongos(now) ? 'mongos' : undefined;
  const repl = part(now, 'repl');
  const primary = repl.isWritablePrimary === true || repl.ismaster === true;
  const other = repl.arbiterOnly === true ? 'arbiter' : 'member';
  return `${set} ${primary ? 'primary' : repl.secondary === true ? 'secondary' : other}`;
};

/** What a panel of the usual width has room for. */
const titleRoom = 32;

/** One line for the panel's title: `8.0.4  rs0 primary  up 2d 4h`; without the time where there is no room for it. */
export const serverTitle = (now: StatusDocument): string => {
  const uptime = uptimeOf(now);
  const up = uptime > 0 ? `up ${formatLength(uptime)}` : '';
  const parts = [text(now, 'version') ?? 'version unknown', roleOf(now) ?? '', otherProgram(now) ?? ''];
  const name = parts
    .map((one) => safeText(one, 40))
    .filter(Boolean)
    .join('  ');
  const whole = up === '' ? name : `${name}  ${up}`;
  return whole.length <= titleRoom ? whole : name;
};

export const identityFacts = (now: StatusDocument): Fact[] => {
  const facts: Fact[] = [];
  const add = (metric: string, said: string | undefined, rank = factRank): void => {
    if (said !== undefined) facts.push({ type: 'fact', metric, label: metric, text: safeText(said, 60), rank });
  };
  add('version', text(now, 'version'));
  add('role', roleOf(now));
  // Who is not MongoDB itself says so before any number, on the smallest screen too.
  add('process', otherProgram(now) && text(now, 'process'), 0);
  add('storage', isMongos(now) ? "told by the shards: --mongo with a shard's primary" : undefined);
  return facts;
};

/** Whether one server told both. */
export const isSameServer = (before: StatusDocument, now: StatusDocument): boolean =>
  text(before, 'host') === text(now, 'host');

/** Whether the server was started anew between the two: its counters began again at 0. */
export const isRestarted = (before: StatusDocument, now: StatusDocument): boolean => {
  if (uptimeOf(now) < uptimeOf(before)) return true;
  const [old, pid] = [number(before, 'pid'), number(now, 'pid')];
  return old !== undefined && pid !== undefined && old !== pid;
};

/** What happened to the server between two answers. */
export const identityNotices = (before: StatusDocument | undefined, now: StatusDocument): Notice[] => {
  if (!before) return [];
  const notices: Notice[] = [];
  const add = (what: Notice['what'], said: string): void => {
    notices.push({ what, level: 'warn', text: safeText(said, 160) });
  };
  const [oldRole, role] = [roleOf(before), roleOf(now)];
  if (!isSameServer(before, now)) {
    const named = `${text(now, 'host') ?? 'unknown'}${role === undefined ? '' : ` (${role})`}`;
    add('change', `another server answers: ${named}, was ${text(before, 'host') ?? 'unknown'}`);
    return notices;
  }
  if (isRestarted(before, now)) add('restart', `restarted, was up ${formatLength(uptimeOf(before))}`);
  if (oldRole !== role) add('change', `is ${role ?? 'in no replica set'} now, was ${oldRole ?? 'in no replica set'}`);
  return notices;
};
