// How a URL is asked, beyond the URL itself: headers, whom to trust, which way to go. What is asked is http-get.ts.

/** PEM texts, not paths. Undefined: what Node trusts, no certificate of our own. */
export interface TlsAccess {
  /** False: any certificate will do. */
  readonly verify: boolean;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

export interface HttpAccess {
  /** Sent with every request; secrets among them are never shown. `Authorization: Bearer …` is one of them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly tls: TlsAccess;
  /** Where to connect in place of the URL's host and port: a Unix socket, or another host and port. */
  readonly via: { readonly socketPath: string } | { readonly hostname: string; readonly port: number } | undefined;
}
