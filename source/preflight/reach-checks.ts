// Judges the way to the target: name, each address, TLS and its certificate, the answer to HEAD, whether connections are
// kept. Pure; the looking is reach-look.ts.

import { safeLocation, safeText } from '../common/safe-text.ts';
import { formatCount, formatDuration, formatMs } from '../common/units.ts';
import { type Check, skipped } from './check.ts';
import type { Fault } from './connect-fault.ts';
import type { TlsLook } from './dial.ts';
import { type Answer, answerHeader } from './exchange.ts';
import type { NameLook, ReachLook } from './reach-look.ts';
import type { Route } from './route.ts';

/** Resolving a name takes a network's round trip; this is a name server that is ill. */
const slowNameMs = 500;
/** Certificates are renewed weeks before their end; those that are not are forgotten. */
const soonDays = 14;
/** What a Date header, in whole seconds, and the way to here may make of a clock that is right. */
const clockToleranceMs = 2500;

const isFault = (look: object): look is Fault => 'text' in look;

const failed = (name: string, fault: Fault, before = ''): Check => ({
  name,
  level: 'bad',
  found: `${before}${fault.text}`,
  ...(fault.todo !== undefined && { todo: fault.todo }),
});

export const nameCheck = (look: NameLook, { via }: Route): Check => {
  const name = 'name';
  if (via.type === 'unix') return skipped(name, 'a Unix socket needs none');
  if (look.type === 'fault') return failed(name, look.fault, `${safeText(via.hostname, 80)}: `);
  if (look.type === 'needless') return skipped(name, `${via.hostname} is an address`);
  const { addresses, tookMs } = look;
  const found = `${safeText(via.hostname, 80)} is ${addresses.join(', ')}, resolved in ${formatMs(tookMs)} ms`;
  if (tookMs < slowNameMs) return { name, level: 'ok', found };
  const todo = 'the load resolves it every 30 s only, but look at the name server';
  return { name, level: 'warn', found, wanted: `less than ${slowNameMs} ms`, todo };
};

/** @param isLoopback whether an address is this machine's own, where `localhost` is often two of which one is unused */
export const connectChecks = (
  { connects }: Pick<ReachLook, 'connects'>,
  isLoopback: (address: string) => boolean,
): Check[] => {
  const name = 'connect';
  const working = connects.filter(({ fault }) => !fault);
  if (working.length === 0) {
    return connects.map(({ to, fault }) => failed(name, fault ?? { text: 'no connection' }, `${to}: `));
  }
  return connects.map(({ to, address, fault, tookMs }): Check => {
    if (!fault) return { name, level: 'ok', found: `${to} in ${formatMs(tookMs)} ms` };
    const found = `${to}: ${fault.text}`;
    if (address !== undefined && isLoopback(address)) return { name, level: 'ok', found: `${found}; it is left out` };
    const todo = 'part of the target is away: the load sets the address aside, if it refuses, or runs into timeouts';
    return { name, level: 'warn', found, wanted: 'a connection to each address of the name', todo };
  });
};

/** TLS and the certificate. @param wallNow ms since 1970 */
export const tlsChecks = ({ tls }: Pick<ReachLook, 'tls'>, route: Route, wallNow: number): Check[] => {
  if (!tls) return [];
  if (isFault(tls)) return [failed('tls', tls)];
  const agreed = tls.agreed === undefined ? '' : `, ${tls.agreed}`;
  const found = `${tls.version}, ${tls.cipher}${agreed}, in ${formatMs(tls.tookMs)} ms`;
  return [handshakeCheck(tls, route, found), certificateCheck(tls, route, wallNow)];
};

const handshakeCheck = (tls: TlsLook, { http2 }: Route, found: string): Check => {
  const name = 'tls';
  if (http2 && tls.agreed !== 'h2') {
    return { name, level: 'bad', found, wanted: 'HTTP/2 (h2) agreed on', todo: 'leave --http2 out' };
  }
  if (/^TLSv1\.[23]$/.test(tls.version)) return { name, level: 'ok', found };
  return { name, level: 'warn', found, wanted: 'TLSv1.2 or TLSv1.3' };
};

const certificateCheck = (tls: TlsLook, { tls: { verify } }: Route, wallNow: number): Check => {
  const name = 'certificate';
  const days = tls.validUntil === undefined ? undefined : Math.floor((tls.validUntil - wallNow) / 86_400_000);
  const validity = days === undefined ? 'no end given' : days < 0 ? endedText(days) : `valid for ${daysText(days)}`;
  const faults = [tls.distrust && distrustText(tls.distrust, tls.issuer), tls.wrongName].filter(Boolean);
  const found = [`${validity}, issued by ${tls.issuer}`, ...faults].join('; ');
  const isOver = days !== undefined && days < 0;
  if (faults.length === 0 && !isOver) {
    if (days === undefined || days >= soonDays) return { name, level: 'ok', found };
    return { name, level: 'warn', found, wanted: `at least ${soonDays} days`, todo: 'renew it' };
  }
  if (!verify) return { name, level: 'warn', found: `${found}; taken all the same (-k)` };
  const todo = isOver
    ? 'renew it; -k takes any certificate'
    : tls.wrongName && !tls.distrust
      ? 'use the name that it is for; -k takes any certificate'
      : 'name its authority with --cacert FILE; -k takes any certificate';
  return { name, level: 'bad', found, todo };
};

const daysText = (days: number): string => (days === 1 ? '1 day' : `${formatCount(days)} days`);
const endedText = (days: number): string => `ended ${daysText(-days)} ago or less`;

const distrustText = (code: string, issuer: string): string => {
  if (code === 'CERT_HAS_EXPIRED') return 'it has expired';
  if (/SELF_SIGNED/.test(code)) return 'signed by itself, or by an authority that is not trusted';
  return /UNABLE_TO/.test(code) ? `${issuer} is not known here` : code;
};

/** HEAD is answered by many in another way than GET or POST: only what no request would get through is wrong. */
export const headCheck = ({ head }: Pick<ReachLook, 'head'>, path: string): Check | undefined => {
  if (!head) return undefined;
  const name = 'head';
  if (isFault(head)) return failed(name, head);
  const { status, tookMs } = head;
  const base = { name, found: `HEAD ${safeText(path, 60)} ${status} in ${formatMs(tookMs)} ms` };
  const location = answerHeader(head, 'location');
  if (status >= 300 && status < 400 && location !== undefined) {
    const to = safeLocation(location);
    return {
      ...base,
      level: 'warn',
      found: `${base.found}, to ${to}`,
      todo: `redirects are not followed: load ${to} itself`,
    };
  }
  if (status === 429 || (status >= 500 && status !== 501)) {
    return { ...base, level: 'warn', wanted: 'below 500', todo: 'look at the target before it is loaded' };
  }
  if (status < 400) return { ...base, level: 'ok' };
  return { ...base, level: 'ok', found: `${base.found}; here it only counts that it answers` };
};

export const keptName = 'keep-alive';

export const keptCheck = ({ head, kept }: Pick<ReachLook, 'head' | 'kept'>, wantsKept: boolean): Check | undefined => {
  const name = keptName;
  if (!head || isFault(head)) return undefined;
  if (!wantsKept) return skipped(name, 'not wanted: --disable-keepalive');
  if (kept === undefined) return skipped(name, 'not tried: one request was all that was sent');
  if (kept) {
    const idle = /timeout=(\d+)/.exec(answerHeader(head, 'keep-alive') ?? '')?.[1];
    const kind = idle === undefined ? '' : `, for ${formatDuration(Number(idle) * 1000)} without a request`;
    return { name, level: 'ok', found: `two requests went over one connection; it is kept${kind}` };
  }
  const says = /close/i.test(answerHeader(head, 'connection') ?? '') ? ', and says so (Connection: close)' : '';
  return {
    name,
    level: 'warn',
    found: `the target closes the connection after an answer${says}`,
    wanted: 'connections that are kept',
    todo: 'turn keep-alive on at the target or its proxy: each request pays for a connection, and takes a port',
  };
};

/** Only where the target's clock is another: whoever compares logs must know. @param wallNow when the answer came, ms */
export const targetClockCheck = ({ head }: Pick<ReachLook, 'head'>, wallNow: number): Check | undefined => {
  if (!head || isFault(head)) return undefined;
  return clockOf(head, wallNow);
};

const clockOf = (answer: Answer, wallNow: number): Check | undefined => {
  const told = Date.parse(answerHeader(answer, 'date') ?? '');
  const apartMs = told - wallNow;
  if (!(Math.abs(apartMs) > clockToleranceMs)) return undefined;
  const way = apartMs > 0 ? 'ahead of' : 'behind';
  return {
    name: 'target clock',
    level: 'warn',
    found: `${formatDuration(Math.abs(apartMs))} ${way} this machine's`,
    todo: 'set both by NTP, or mind it when comparing with the logs of the target',
  };
};
