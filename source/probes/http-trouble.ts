// Why a URL brought no answer, as a sentence for people with what to do about it: from the error codes of sockets, TLS and
// the HTTP client. What was asked, and how, is http-get.ts.

import { errorCode, errorMessage } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import { formatLength } from '../common/units.ts';
import { ProbeError } from './probe.ts';

/** What was asked when it failed. */
export interface Asked {
  /** Host and port that the URL names. */
  readonly host: string;
  /** The host and port, or the socket, that was connected to in their place. */
  readonly via: string | undefined;
  readonly secure: boolean;
  /** It was answered before. */
  readonly answered: boolean;
  readonly connectTimeoutMs: number;
}

type Sentence = readonly [reason: string, hint?: string | undefined];

const plainHint = 'does that port speak plain http?';
const secureHint = 'does that port speak https?';
const trust = 'cacert: FILE of the probe in the profile, or --cacert FILE for probes of the target';
const anyCertificate =
  'insecure: true of the probe in the profile, or -k for probes of the target, takes any certificate';
const ownCertificate = 'cert and key of the probe in the profile, or --cert and --key for probes of the target';

type Wording = (at: string, said: string, asked: Asked) => Sentence;

const sentences: Readonly<Record<string, Wording>> = {
  ECONNREFUSED: (at) => [`connection refused: nothing listens on ${at}`],
  ENOENT: (at) => [`no connection to ${at}: there is no such socket`],
  EACCES: (at) => [`no connection to ${at}: this user may not use it`],
  ENOTFOUND: (at) => [`the name in ${at} could not be resolved`],
  EAI_AGAIN: (at) => [`the name in ${at} could not be resolved: no name server answered`],
  ECONNRESET: (at) => [`${at} reset the connection`],
  EPIPE: (at) => [`${at} closed the connection before the answer was complete`],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: (at) => [`the answer of ${at} is not as long as its head says`],
  ETIMEDOUT: (at) => [`no connection to ${at}: it does not answer`],
  UND_ERR_CONNECT_TIMEOUT: (at, _, { connectTimeoutMs }) => [
    `no connection to ${at} within ${formatLength(connectTimeoutMs)}`,
  ],
  EHOSTUNREACH: (at) => [`no route to ${at}`],
  ENETUNREACH: (at) => [`no route to ${at}`],
  EMFILE: () => ['this machine has no file descriptors left'],
  EADDRNOTAVAIL: () => ['this machine has no local ports left'],
  UND_ERR_HEADERS_OVERFLOW: () => ['the head of the answer is larger than 16 KiB'],
  EPROTO: (at) => [`the TLS handshake with ${at} failed`, plainHint],
  CERT_HAS_EXPIRED: (at) => [`the certificate of ${at} has expired`, `renew it; ${anyCertificate}`],
  CERT_NOT_YET_VALID: (at) => [
    `the certificate of ${at} is not valid yet`,
    `is the clock of this machine right? ${anyCertificate}`,
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: (at) => [
    `the certificate of ${at} is for another host name`,
    `name the host as its certificate does; ${anyCertificate}`,
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: (at) => [`the certificate of ${at} is self-signed`, `trust it with ${trust}`],
  SELF_SIGNED_CERT_IN_CHAIN: (at) => [
    `the certificate of ${at} was issued by an authority that is not trusted`,
    `trust that with ${trust}`,
  ],
};

/** Families of codes, the narrower first. */
const families: readonly (readonly [codes: RegExp, Wording])[] = [
  [/^UND_ERR_SOCKET$/, (at, said, asked) => closedSentence(at, said, asked)],
  [
    /^UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?)$/,
    (at) => [`the certificate of ${at} was issued by an authority that is not trusted`, `trust that with ${trust}`],
  ],
  // TLS 1.3 says that it wants a certificate, 1.2 only that it cannot go on.
  [
    /ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE)$/,
    (at) => [
      `the TLS handshake with ${at} failed: it asks for a certificate of the client`,
      `give it with ${ownCertificate}`,
    ],
  ],
  [
    /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN)|UNSUPPORTED_CERTIFICATE)$/,
    (at) => [
      `the TLS handshake with ${at} failed: it does not accept our certificate`,
      `another one can be given with ${ownCertificate}`,
    ],
  ],
  [/^(?!ERR_SSL).*(CERT|CRL)/, (at, said) => [`the certificate of ${at} is not trusted (${said})`, anyCertificate]],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/,
    (at) => [`the TLS handshake with ${at} failed: what answers does not speak TLS`, plainHint],
  ],
  [/^ERR_(SSL|TLS)/, (at, said) => [`the TLS handshake with ${at} failed (${said})`, plainHint]],
];

const closedSentence = (at: string, said: string, { secure, answered }: Asked): Sentence => {
  // What the client calls an answer to another kind of request: 100 that was not asked for, 101.
  if (said === 'bad response') return [`${at} answered with a status that is no answer to a GET (100 or 101)`];
  const hint = secure ? `if it asks for a certificate of the client: ${ownCertificate}` : secureHint;
  return [`${at} closed the connection before the answer was complete`, answered ? undefined : hint];
};

/** A thrown value of the HTTP client as a sentence for people. */
export const explainTrouble = (error: unknown, asked: Asked): ProbeError => {
  const at = asked.via === undefined ? asked.host : `${asked.via} (for ${asked.host})`;
  return new ProbeError(...sentenceOf(error, at, asked));
};

const sentenceOf = (error: unknown, at: string, asked: Asked): Sentence => {
  const code = errorCode(error) ?? '';
  const said = safeText(errorMessage(error), 120);
  const sentence = sentences[code] ?? families.find(([codes]) => codes.test(code))?.[1];
  if (sentence) return sentence(at, said, asked);
  if (error instanceof Error && error.name === 'HTTPParserError') {
    const hint = asked.secure || asked.answered ? undefined : secureHint;
    return [`the answer of ${at} is not valid HTTP (${said})`, hint];
  }
  return [`${at} could not be asked: ${said}`];
};
