// Servers that take uploads, over HTTP/1.1, TLS and HTTP/2, and remember of each what came: its length, the hash of its bytes,
// and its parts. Multipart is taken apart here by itself, from the words of RFC 7578, so that nothing of ours judges itself.

import { createHash } from 'node:crypto';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type net from 'node:net';
import type { Readable } from 'node:stream';
import { certificate, privateKey as key } from './certificate.ts';
import { listen } from './listen.ts';

export interface ReceivedPart {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly bytes: Buffer;
}

export interface Received {
  readonly headers: http.IncomingHttpHeaders;
  readonly url: string;
  /** Bytes that came, and the hash of all of them. */
  readonly length: number;
  readonly hash: string;
  /** Empty where it was no multipart. */
  readonly parts: readonly ReceivedPart[];
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const receive = async (headers: http.IncomingHttpHeaders, url: string, body: Readable): Promise<Received> => {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const [, boundary] = /^multipart\/form-data; boundary=(\S+)$/.exec(headers['content-type'] ?? '') ?? [];
  const parts = boundary === undefined ? [] : partsOf(bytes, boundary);
  return { headers, url, length: bytes.length, hash: hashOf(bytes), parts };
};

/** The parts between the lines of a boundary. */
const partsOf = (bytes: Buffer, boundary: string): readonly ReceivedPart[] => {
  const line = Buffer.from(`--${boundary}`);
  const parts: ReceivedPart[] = [];
  if (bytes.indexOf(line) !== 0) throw new Error('the body does not begin with its boundary');
  for (let at = line.length; ; ) {
    const after = bytes.toString('latin1', at, at + 2);
    if (after === '--') {
      if (at + 4 !== bytes.length) throw new Error('something follows the last boundary');
      return parts;
    }
    if (after !== '\r\n') throw new Error(`found ${JSON.stringify(after)} behind a boundary`);
    const end = bytes.indexOf(`\r\n--${boundary}`, at);
    const blank = bytes.indexOf('\r\n\r\n', at);
    if (end < 0 || blank < 0 || blank > end) throw new Error('a part does not end');
    parts.push(partOf(bytes.toString('utf8', at + 2, blank), bytes.subarray(blank + 4, end)));
    at = end + 2 + line.length;
  }
};

const partOf = (head: string, bytes: Buffer): ReceivedPart => {
  const lines = head.split('\r\n');
  const [, name, filename] =
    /^Content-Disposition: form-data; name="([^"]*)"(?:; filename="([^"]*)")?$/.exec(lines[0]!) ?? [];
  if (name === undefined) throw new Error(`a part without a name: ${head}`);
  const contentType = lines.find((line) => line.startsWith('Content-Type: '))?.slice(14);
  return { name, filename, contentType, bytes: Buffer.from(bytes) };
};

export type Protocol = 'HTTP/1.1' | 'TLS' | 'HTTP/2' | 'HTTP/2 over TLS';

export interface UploadServer {
  readonly port: number;
  readonly received: readonly Received[];
}

/** Starts a server that takes everything and answers 200. */
export const uploadServer = async (protocol: Protocol): Promise<UploadServer> => {
  const received: Received[] = [];
  const take = async (request: http.IncomingMessage | http2.Http2ServerRequest, end: (status: number) => void) => {
    try {
      received.push(await receive(request.headers as http.IncomingHttpHeaders, request.url ?? '', request));
      end(200);
    } catch {
      end(400);
    }
  };
  const plain: http.RequestListener = (request, response) =>
    void take(request, (status) => response.writeHead(status).end());
  const streamed = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse): void =>
    void take(request, (status) => {
      response.writeHead(status);
      response.end();
    });
  const tls = { cert: certificate, key };
  const servers: Readonly<Record<Protocol, () => object>> = {
    'HTTP/1.1': () => http.createServer(plain),
    TLS: () => https.createServer(tls, plain),
    'HTTP/2': () => http2.createServer(streamed),
    'HTTP/2 over TLS': () => http2.createSecureServer(tls, streamed),
  };
  const { port } = await listen(servers[protocol]() as net.Server);
  return { port, received };
};
