// What keeps a connection from being made, or cuts it off, as a sentence with what to do about it. Pure.

import { errorCode, errorMessage } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';

/** Why something did not come about. */
export interface Fault {
  readonly text: string;
  readonly todo?: string | undefined;
}

/** A fault on its way up. */
export class FaultError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault, cause?: unknown) {
    super(fault.text, { cause });
    this.name = 'FaultError';
    this.fault = fault;
  }
}

const limits =
  'too many connections at once need: ulimit -n 65535, sysctl -w net.ipv4.ip_local_port_range="1024 65535"';

const known: Readonly<Record<string, Fault>> = {
  ECONNREFUSED: { text: 'refused: nothing listens there', todo: 'start the target, or check host and port' },
  ECONNRESET: { text: 'reset by the other side' },
  EPIPE: { text: 'closed by the other side' },
  UND_ERR_SOCKET: { text: 'closed before the answer was complete' },
  ETIMEDOUT: { text: 'no connection: it does not answer', todo: 'check the address, the firewall and the route to it' },
  EHOSTUNREACH: { text: 'no route to it', todo: 'check the address and the network' },
  ENETUNREACH: { text: 'no route to it', todo: 'check the address and the network' },
  EADDRNOTAVAIL: { text: 'this machine has no ports left', todo: limits },
  EMFILE: { text: 'this machine has no descriptors left', todo: limits },
  ENOENT: { text: 'there is no such socket', todo: 'start the target, or check the path' },
  EACCES: { text: 'may not be connected to', todo: 'check the rights on the socket, or the firewall' },
  ENOTFOUND: { text: 'the name is not known', todo: 'check the spelling, or give an address' },
  EAI_AGAIN: { text: 'no name server answers', todo: 'check the network and /etc/resolv.conf' },
};

const plainPort: Fault = { text: 'no TLS is spoken there', todo: 'write http:// if the port speaks plain HTTP' };
const clientWanted: Fault = {
  text: 'the target wants a client certificate',
  todo: 'give it with --cert FILE --key FILE',
};

const byPattern: readonly (readonly [RegExp, Fault])[] = [
  [/CERTIFICATE_REQUIRED/, clientWanted],
  [
    /ALERT_(BAD_|UNKNOWN_|UNSUPPORTED_)?(CERTIFICATE|CA)/,
    { text: 'the target refuses the client certificate', todo: 'check --cert and --key' },
  ],
  [/WRONG_VERSION_NUMBER|UNKNOWN_PROTOCOL|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG/, plainPort],
  [
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_SHARED_CIPHER|NO_APPLICATION_PROTOCOL|HANDSHAKE_FAILURE/,
    { text: 'no version or cipher of TLS in common' },
  ],
];

/** The fault of anything that was thrown while connecting or asking. */
export const faultOf = (error: unknown): Fault => {
  if (error instanceof FaultError) return error.fault;
  const code = errorCode(error) ?? '';
  const fault = known[code] ?? byPattern.find(([pattern]) => pattern.test(code))?.[1];
  if (fault) return fault;
  const said = safeText(errorMessage(error), 120);
  if (error instanceof Error && error.name === 'HTTPParserError') {
    return {
      text: `the answer is no HTTP (${said})`,
      todo: 'check the port, and whether it takes https:// or --http2',
    };
  }
  return { text: said || 'failed without a reason' };
};
