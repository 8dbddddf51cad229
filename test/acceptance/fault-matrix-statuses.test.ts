// The fault matrix, statuses over HTTP/1.1: which cause each has, from the target itself or through an edge, and what an answer
// says that was not good.

import { describe, expect } from 'vitest';
import type { SpecPatch } from '../helpers/engine-spec.ts';
import { type Row, requests, specOf, testRows } from '../helpers/fault-row.ts';
import { answer, drip, scripted } from '../helpers/scripted-server.ts';

/** Answers every request with a text. */
const answering = (text: string) => () => scripted({ asked: (socket) => void socket.write(text, 'latin1') });

const statuses: readonly (readonly [line: string, headers: readonly string[], cause: string])[] = [
  ['400 Bad Request', [], '400'],
  ['401 Unauthorized', [], '401'],
  ['403 Forbidden', [], '403'],
  ['404 Not Found', [], '404'],
  ['408 Request Timeout', [], '408'],
  ['413 Content Too Large', [], '413'],
  ['418 Teapot', [], 'other 4xx'],
  ['422 Unprocessable', [], '422'],
  ['429 Too Many Requests', [], '429'],
  ['429 Too Many Requests', ['Via: 1.1 edge'], '429, through an edge'],
  ['500 Internal Server Error', [], '500'],
  ['502 Bad Gateway', [], '502'],
  ['502 Bad Gateway', ['CF-Ray: 1'], '502, through an edge'],
  ['503 Service Unavailable', [], '503'],
  ['503 Service Unavailable', ['X-Cache: Error'], '503, through an edge'],
  ['504 Gateway Timeout', [], '504'],
  ['504 Gateway Timeout', ['Server: Varnish'], '504, through an edge'],
  ['507 Insufficient Storage', [], 'other 5xx'],
  ['525 SSL Handshake Failed', ['Server: cloudflare'], '525 or 526'],
  ['301 Moved Permanently', ['Location: /there'], '3xx'],
];

const atEdge = [520, 521, 522, 523, 524].flatMap(
  (status) =>
    [
      [`${status} Edge`, ['Server: cloudflare'], `${status}, from the edge`],
      [`${status} Edge`, [], `${status}, from the origin`],
    ] as const,
);

/** A row in which each arrival gets another answer. */
const inTurn = (when: string, answers: typeof statuses): Row => ({
  when,
  is: Object.fromEntries(answers.map(([, , cause]) => [cause, requests / answers.length])),
  target: () =>
    scripted({
      asked: (socket, { n }) => {
        const [line, headers] = answers[n % answers.length]!;
        socket.write(answer(line, headers));
      },
    }),
});

const expecting = (status: number): SpecPatch => {
  const spec = specOf({}, 0);
  const step = { ...spec.scenarios![0]!.steps[0]!, expectStatus: [status] };
  return { scenarios: [{ weight: 1, steps: [step] }] };
};

describe('a status', () => {
  testRows([
    inTurn('each request gets a status of its own', statuses),
    inTurn('the statuses of an edge come from one, or from the origin itself', atEdge),
    {
      is: '429',
      when: 'it says when to come back',
      target: answering(answer('429 Too Many Requests', ['Retry-After: 7'])),
      example: '429 Too Many Requests, Retry-After 7',
    },
    {
      is: '429',
      when: 'it says when to come back, behind hints, and its head comes in parts',
      target: () =>
        scripted({
          asked: (socket) => {
            const [status, rest] = ['429 Slow Down\r\nRetry-Af', 'ter: 77\r\nContent-Length: 1\r\n\r\nx'];
            drip(socket, ['HTTP/1.1 103 Early', ` Hints\r\n\r\nHTTP/1.1 ${status}`, rest], 10);
          },
        }),
      example: '429 Slow Down, Retry-After 77',
    },
    {
      is: 'status outside 200 to 599',
      when: 'HTTP does not know it',
      target: answering(answer('700 Beyond')),
      example: '700 Beyond',
    },
    {
      is: 'expectation failed, status 2xx',
      when: 'it is a success that is not expected',
      target: answering(answer()),
      spec: expecting(201),
    },
    {
      is: 'expectation failed, status 3xx',
      when: 'it is a redirect that is not expected',
      target: answering(answer('301 Moved', ['Location: /there'])),
      spec: expecting(200),
    },
    {
      is: '404',
      when: 'it is expected, and good',
      target: answering(answer('404 Not Found')),
      spec: expecting(404),
      also: ({ summary }) => expect(summary.good).toBe(requests),
    },
  ]);
});
