// OpenSSL and Node have more than a hundred codes for failed TLS, named after certificate checks, alerts and functions;
// here they become the few causes that somebody can do something about.

import type { CauseName } from '../measure/cause.ts';

/**
 * Patterns in order: the first that fits wins. An alert (`…_ALERT_…`) is what the target says of us, anything else what we
 * say of the target: CERT_HAS_EXPIRED is its certificate, SSL/TLS_ALERT_CERTIFICATE_EXPIRED is ours.
 */
const table: readonly (readonly [RegExp, CauseName])[] = [
  [/^CERT_HAS_EXPIRED$|^CRL_HAS_EXPIRED$/, 'TLS: certificate expired'],
  [/^CERT_NOT_YET_VALID$|^CRL_NOT_YET_VALID$/, 'TLS: certificate not yet valid'],
  [/^CERT_REVOKED$|^UNABLE_TO_GET_CRL/, 'TLS: certificate revoked'],
  [
    /^(DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_UNTRUSTED$|CERT_REJECTED$|INVALID_CA$)/,
    'TLS: self-signed or unknown issuer',
  ],
  [/^ERR_TLS_CERT_ALTNAME_|^HOSTNAME_MISMATCH$|UNRECOGNIZED_NAME$/, 'TLS: name mismatch'],
  [/_ALERT_CERTIFICATE_REQUIRED$/, 'TLS: client certificate wanted'],
  [
    /_ALERT_(BAD_|UNSUPPORTED_)?CERTIFICATE(_REVOKED|_EXPIRED|_UNKNOWN)?$|_ALERT_(UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR)$/,
    'TLS: client certificate refused',
  ],
  [/_ALERT_HANDSHAKE_FAILURE$/, 'TLS: handshake refused'],
  [
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|NO_(SHARED_CIPHER|CIPHERS|PROTOCOLS|APPLICATION_PROTOCOL|SUITABLE)|INSUFFICIENT_SECURITY|TOO_(SMALL|WEAK)|LEGACY_|WRONG_SSL_VERSION/,
    'TLS: no common version or cipher',
  ],
  [
    /WRONG_VERSION_NUMBER|UNKNOWN_PROTOCOL|HTTP_REQUEST|HTTPS_PROXY_REQUEST|PACKET_LENGTH_TOO_LONG/,
    'TLS: not TLS at all',
  ],
  [/UNEXPECTED_EOF/, 'TLS: handshake cut off'],
  [/^(ERR_SSL_|ERR_TLS_|CERT_|CRL_|EPROTO$)/, 'TLS: other'],
];

/** The cause of a TLS failure by its code; undefined where the code is not one of TLS. */
export const tlsCause = (code: string): CauseName | undefined => table.find(([pattern]) => pattern.test(code))?.[1];
