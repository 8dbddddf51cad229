// The printed table of outcomes: classes as rows, why below them, and whose matter it is.

import { describe, expect, it } from 'vitest';
import { outcomeSummaries } from '../../source/measure/by-class.ts';
import { type CauseName, causeIndex } from '../../source/measure/cause.ts';
import { outcomeTable } from '../../source/outputs/summary-outcomes.ts';
import { painter } from '../../source/outputs/text-layout.ts';

const counted = (rows: readonly (readonly [CauseName, number, string?])[]) =>
  rows.map(([name, count, example]) => ({ cause: causeIndex(name), count, firstAt: 3000, lastAt: 4900, example }));

const table = (rows: readonly (readonly [CauseName, number, string?])[]): string =>
  outcomeTable(outcomeSummaries(counted(rows)), painter(false)).join('\n');

describe('the table of outcomes', () => {
  it('says of each class why, with each of several causes below it', () => {
    expect(
      table([
        ['2xx', 900],
        ['503', 30, '503 Service Unavailable, Retry-After 7'],
        ['503, through an edge', 10, '503 Service Unavailable'],
        ['404', 12, '404 Not Found'],
        ['TLS: certificate expired', 5, 'CERT_HAS_EXPIRED certificate has expired, while connecting'],
        ['timeout, waiting for headers', 40, 'no answer within 10 s, waiting for headers'],
        ['timeout, stuck', 3, 'no answer within 10 s, waiting for body'],
      ]),
    ).toMatchInlineSnapshot(`
      "Outcomes of requests
                 count   share  first  last  whose
        2xx        900  90.0 %   0:03  0:04
        4xx         12   1.2 %   0:03  0:04  the profile's
            404: nothing at this path; such as: 404 Not Found
        503         40   4.0 %   0:03  0:04  see below
            30 service unavailable; the target's; such as: 503 Service Unavailable,
              Retry-After 7
            10 through an edge: service unavailable; an edge stood between, which made
              the answer or passed it on; the edge's; such as: 503 Service Unavailable
        TLS          5   0.5 %   0:03  0:04  the target's
            certificate expired: the target's certificate has expired; such as:
              CERT_HAS_EXPIRED certificate has expired, while connecting
        timeout     43   4.3 %   0:03  0:04  the target's
            40 waiting for headers: no answer within the limit; such as: no answer
              within 10 s, waiting for headers
            3 stuck: the answer began, and then no byte came for at least 2 s; such
              as: no answer within 10 s, waiting for body"
    `);
  });

  it('leaves out whose matter it is where nothing was wrong', () => {
    const expected = table([['404', 12]]);
    expect(expected).not.toContain('the profile');
    expect(table([['404', 12, '404 Not Found']])).toContain('the profile');
  });

  it('says so where no request ended', () => {
    expect(outcomeTable([], painter(false))).toEqual(['Outcomes', '  no request ended']);
  });
});
