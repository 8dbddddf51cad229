// A request as somebody looks at it: taken apart from what is about to be sent, so that what is shown is what goes out.

import { formatBytes } from '../common/units.ts';
import type { Request, Scratch } from './request.ts';

export interface RequestView {
  readonly method: string;
  /** Path and query; through a proxy the whole URL. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

export interface ViewOptions {
  readonly n: number;
  readonly scratch: Scratch;
  readonly http2: boolean;
}

export const viewRequest = (request: Request, options: ViewOptions): RequestView =>
  options.http2 ? viewHttp2(request, options) : viewHttp1(request, options);

const nothing = Buffer.alloc(0);

/** A body that goes out piece by piece; of a file that is not in memory only its size. */
const uploadBytes = ({ streams }: Request, { upload }: Scratch): Buffer =>
  streams && upload
    ? Buffer.concat(
        upload.pieces.map((piece) =>
          Buffer.isBuffer(piece) ? piece : (piece.bytes ?? Buffer.from(`(a file of ${formatBytes(piece.size)})`)),
        ),
      )
    : nothing;

const viewHttp1 = (request: Request, { n, scratch }: ViewOptions): RequestView => {
  const start = request.http1(n, scratch);
  const bytes = Buffer.concat([start, scratch.rest ?? nothing, uploadBytes(request, scratch)]);
  const headEnd = bytes.indexOf('\r\n\r\n');
  const [first = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const [method = '', target = ''] = first.split(' ');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { method, target, headers, body: bytes.subarray(headEnd + 4) };
};

const viewHttp2 = (request: Request, { n, scratch }: ViewOptions): RequestView => {
  const fields = Object.entries(request.http2Headers(n, scratch));
  const headers = fields.flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
  );
  return {
    method: request.method,
    target: headers.find(([name]) => name === ':path')?.[1] ?? '',
    headers: headers.filter(([name]) => !name.startsWith(':')),
    body: request.streams ? uploadBytes(request, scratch) : Buffer.from(scratch.body ?? nothing),
  };
};
