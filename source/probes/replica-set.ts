// Reads MongoDB's replSetGetStatus: how far the secondaries are behind, who is primary, the table of members. Pure; asking
// is side-look.ts.

import { safeText } from '../common/safe-text.ts';
import type { Level, Notice, ProbeTable, TableCell } from './probe.ts';
import type { Value } from './server-growth.ts';
import { at, number, type StatusDocument, text } from './status-document.ts';
import { countRow, judged, type Row } from './status-row.ts';

interface Member {
  readonly name: string;
  readonly state: string;
  readonly healthy: boolean;
  /** It is its job to follow the primary. */
  readonly follows: boolean;
  readonly primary: boolean;
  /** Of the newest operation that it has, ms since 1970. */
  readonly optime: number | undefined;
  readonly pingMs: number | undefined;
  readonly source: string;
}

/** Lag in seconds that is worth a look, and that is wrong. */
const lagLevels = [10, 60] as const;

const stateNumbers = { primary: 1, secondary: 2, recovering: 3, arbiter: 7 } as const;

const membersOf = (status: StatusDocument): Member[] => {
  const { members } = status;
  if (!Array.isArray(members)) return [];
  return members.filter(isDocument).map((member): Member => {
    const state = number(member, 'state');
    const optime = at(member, ['optimeDate']);
    return {
      name: safeText(text(member, 'name') ?? 'unnamed', 60),
      state: safeText(text(member, 'stateStr') ?? 'unknown', 30).toLowerCase(),
      healthy: number(member, 'health') !== 0,
      follows: state === stateNumbers.secondary || state === stateNumbers.recovering,
      primary: state === stateNumbers.primary,
      optime: optime instanceof Date ? optime.getTime() : undefined,
      pingMs: number(member, 'pingMs'),
      source: safeText(text(member, 'syncSourceHost') ?? '', 60),
    };
  });
};

const isDocument = (value: unknown): value is StatusDocument => typeof value === 'object' && value !== null;

/** Seconds that a member is behind the primary. Their optimes have whole seconds and are up to 2 s old for the others. */
const lagOf = ({ optime, follows, healthy }: Member, primary: Member | undefined): number | undefined => {
  if (!follows || !healthy || optime === undefined || primary?.optime === undefined) return undefined;
  return Math.max(0, primary.optime - optime) / 1000;
};

/** Lag of the member that is furthest behind, and how many are down. */
export const replicationRows = (status: StatusDocument): { readonly lag: Row; readonly down: Row } => {
  const members = membersOf(status);
  const down = members.filter(({ healthy }) => !healthy).length;
  return {
    lag: lagRow(worstLag(members)),
    down: countRow('replication.down', 'members down', down, judged(down, 0, 0)),
  };
};

export const lagRow = (value: Value): Row => ({
  metric: 'replication.lag',
  label: 'replication lag',
  unit: 's',
  kind: 'gauge',
  value,
  level: judged(value, ...lagLevels),
});

const worstLag = (members: readonly Member[]): Value => {
  const primary = members.find((member) => member.primary);
  if (!primary) return 'the set has no primary';
  const lags = members.map((member) => lagOf(member, primary)).filter((lag) => lag !== undefined);
  return lags.length === 0 ? 'the set has no secondary that is up' : Math.max(...lags);
};

/** A change of primary between two answers, unless it is to or from the server that told: that is its own change of role. */
export const replicationNotices = (before: StatusDocument | undefined, now: StatusDocument): Notice[] => {
  if (!before) return [];
  const [was, is] = [primaryOf(before), primaryOf(now)];
  if (was === is || number(before, 'myState') !== number(now, 'myState')) return [];
  const said = is === undefined ? `its set has no primary, was ${was}` : `${is} is primary now, was ${was ?? 'nobody'}`;
  return [{ what: 'change', level: 'warn', text: said }];
};

const primaryOf = (status: StatusDocument): string | undefined =>
  membersOf(status).find((member) => member.primary)?.name;

export const membersTable = (status: StatusDocument): ProbeTable => {
  const members = membersOf(status);
  const primary = members.find((member) => member.primary);
  return {
    title: 'members',
    columns: [
      { label: 'member' },
      { label: 'state' },
      { label: 'lag', unit: 's' },
      { label: 'ping', unit: 'ms' },
      { label: 'syncs from' },
    ],
    rows: members.map((member): TableCell[] => {
      const lag = lagOf(member, primary);
      const level: Level = member.healthy ? 'ok' : 'bad';
      return [
        member.name,
        { value: member.healthy ? member.state : 'not reachable', level },
        lag === undefined ? undefined : { value: lag, level: judged(lag, ...lagLevels)! },
        member.pingMs,
        member.source,
      ];
    }),
  };
};
