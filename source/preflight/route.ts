// Where a check has to go to meet the target as the load will: the origin, what sockets are connected to in its place, TLS.
// The engine's own settings have this shape; nothing here connects.

import type { TlsAccess } from '../probes/http-access.ts';

export interface Route {
  /** Of the target. IPv6 addresses are without brackets. */
  readonly origin: { readonly secure: boolean; readonly hostname: string; readonly port: number };
  /** What sockets are connected to. */
  readonly via:
    | { readonly type: 'host'; readonly hostname: string; readonly port: number }
    | { readonly type: 'unix'; readonly path: string }
    | {
        readonly type: 'proxy';
        readonly hostname: string;
        readonly port: number;
        /** Value of Proxy-Authorization; a secret. */
        readonly authorization: string | undefined;
      };
  /** HTTP/2: agreed on over TLS, taken for granted without. */
  readonly http2: boolean;
  readonly tls: TlsAccess;
  /** Only addresses of it. */
  readonly family: 4 | 6 | undefined;
  /** Of this program, for the User-Agent. */
  readonly version: string;
}

const withBrackets = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** The target's host and port as they stand in a URL: `[::1]:3000`. */
export const authorityOf = ({ origin }: Route): string => `${withBrackets(origin.hostname)}:${origin.port}`;

/** Whether an address is this machine's own. */
export const isLoopback = (address: string): boolean => /^(::ffff:)?127\.|^::1$/i.test(address);

/** What is connected to, for people; without secrets. */
export const dialledText = ({ via }: Route, address?: string): string =>
  via.type === 'unix' ? via.path : `${withBrackets(address ?? via.hostname)}:${via.port}`;
