// The part of the profile language that says how connections are made and used.

import { connectionContradictions } from './contradictions.ts';
import { readPerConnection, readTimeout } from './quantities.ts';
import { address, file, flag, line, quantity, raise, section } from './schema-parts.ts';
import { readConnectTo, readProxy } from './target.ts';

/** The key `connection`. */
export const connection = section(
  {
    http2: flag.optional(),
    pipelining: quantity(readPerConnection, 'a whole number of at least 1').optional(),
    keepAlive: flag.optional(),
    connectTimeout: quantity(readTimeout, 'a duration such as 3s').optional(),
    insecure: flag.optional(),
    cacert: file.optional(),
    cert: file.optional(),
    key: file.optional(),
    connectTo: address(readConnectTo, 'HOST:PORT to connect to, such as 127.0.0.1:8443').optional(),
    unixSocket: line('the path of a Unix socket').optional(),
    proxy: address(readProxy, 'the URL of an HTTP proxy such as http://localhost:8888').optional(),
    ipv4: flag.optional(),
    ipv6: flag.optional(),
  },
  'a mapping such as { http2: true }',
).superRefine(raise(connectionContradictions));
