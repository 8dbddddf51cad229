// The streaming reader of multipart/form-data: however a body is cut, the same parts come out of it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, MultipartError, MultipartReader, type PartHead } from '../../source/demo/multipart-reader.ts';

interface Part extends PartHead {
  readonly content: string;
}

/** The parts in a body that comes in these chunks; contents as latin1. */
const partsOf = (chunks: readonly Buffer[], boundary = 'b'): Part[] => {
  const parts: Part[] = [];
  let open: { head: PartHead; pieces: Buffer[] } | undefined;
  const reader = new MultipartReader(boundary, {
    begin: (head) => {
      expect(open).toBeUndefined();
      open = { head, pieces: [] };
    },
    data: (piece) => {
      expect(piece.length).toBeGreaterThan(0);
      open!.pieces.push(Buffer.from(piece));
    },
    end: () => {
      parts.push({ ...open!.head, content: Buffer.concat(open!.pieces).toString('latin1') });
      open = undefined;
    },
  });
  for (const chunk of chunks) reader.write(chunk);
  reader.end();
  return parts;
};

const bodyOf = (parts: readonly { name: string; content: string }[], boundary = 'b'): Buffer =>
  Buffer.from(
    `${parts
      .map(
        ({ name, content }) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`,
      )
      .join('')}--${boundary}--\r\n`,
    'latin1',
  );

/** The body cut at these places, which may be beyond its end, double or out of order. */
const cutAt = (body: Buffer, places: readonly number[]): Buffer[] => {
  const sorted = [0, ...places.map((place) => place % (body.length + 1)).sort((a, b) => a - b), body.length];
  return sorted.slice(1).map((place, index) => body.subarray(sorted[index], place));
};

const read = (text: string): Part[] => partsOf([Buffer.from(text, 'latin1')]);

describe('a multipart body', () => {
  // Contents of what delimiters are made of, so that almost-delimiters are common.
  const content = fc
    .array(fc.constantFrom('\r', '\n', '-', '\r\n', '\r\n-', '\r\n--', '--b', 'b', 'x'), { maxLength: 30 })
    .map((pieces) => pieces.join(''))
    .filter((text) => !`\r\n${text}`.includes('\r\n--b'));
  const parts = fc.array(fc.record({ name: fc.constantFrom('file', 'json'), content }), { minLength: 1, maxLength: 4 });

  it('gives the same parts however it is cut', () => {
    fc.assert(
      fc.property(parts, fc.array(fc.nat(2000), { maxLength: 20 }), (wanted, places) => {
        const found = partsOf(cutAt(bodyOf(wanted), places));
        expect(found).toEqual(wanted.map((part) => ({ ...part, filename: undefined, type: undefined })));
      }),
      { numRuns: 500 },
    );
  });

  it('gives them byte for byte too, with anything before and behind it', () => {
    fc.assert(
      fc.property(parts, fc.constantFrom('', 'a preamble\r\n', '\r\n\r\n'), (wanted, preamble) => {
        const body = Buffer.concat([Buffer.from(preamble), bodyOf(wanted), Buffer.from('--b\r\nan epilogue')]);
        const found = partsOf(Array.from(body, (byte) => Buffer.of(byte)));
        expect(found.map((part) => part.content)).toEqual(wanted.map((part) => part.content));
      }),
      { numRuns: 100 },
    );
  });

  it('is read as the client of this platform writes it', async () => {
    const form = new FormData();
    form.append('file', new Blob(['a,b\n1,2\n'.repeat(50_000)], { type: 'text/csv' }), '4lakh "1".csv');
    form.append('json', JSON.stringify({ list_id: 'ü' }));
    const request = new Request('http://localhost/', { method: 'POST', body: form });
    const boundary = boundaryOf(request.headers.get('content-type') ?? undefined);
    const chunks: Buffer[] = [];
    for await (const chunk of request.body!) chunks.push(Buffer.from(chunk));
    const [file, json, ...more] = partsOf(chunks, boundary);
    expect(more).toEqual([]);
    expect(file).toMatchObject({ name: 'file', filename: '4lakh "1".csv', type: 'text/csv' });
    expect(file!.content).toHaveLength(400_000);
    expect(Buffer.from(json!.content, 'latin1').toString()).toBe('{"list_id":"ü"}');
  });

  it('may have unquoted names, padding, other headers and empty parts', () => {
    expect(read('--b \t\r\ncontent-disposition: FORM-data; Name=a\r\nX: y\r\n\r\n\r\n--b--')).toEqual([
      { name: 'a', filename: undefined, type: undefined, content: '' },
    ]);
    expect(read('--b\r\nContent-Disposition: form-data; filename="a\\"b"; name="c"\r\n\r\nd\r\n--b--')).toEqual([
      { name: 'c', filename: 'a"b', type: undefined, content: 'd' },
    ]);
  });

  it.each<[string, string, RegExp]>([
    ['nothing', '', /has no part/],
    ['another boundary', '--c\r\n\r\n\r\n--c--', /has no part/],
    ['no end', '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx', /closing boundary is missing/],
    ['the end of a head missing', '--b\r\nContent-Disposition: form-data', /closing boundary is missing/],
    ['no headers', '--b\r\n\r\nx\r\n--b--', /has no Content-Disposition/],
    ['no name', '--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--', /has no name/],
    ['another disposition', '--b\r\nContent-Disposition: attachment; name="a"\r\n\r\n\r\n--b--', /is not form-data/],
    ['a header without a colon', '--b\r\nwhat\r\n\r\n\r\n--b--', /without a colon: what/],
    ['a longer boundary', '--bc\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n--b--', /end of its line/],
    ['an endless head', `--b\r\nX: ${'x'.repeat(20_000)}`, /larger than 16384 bytes/],
  ])('with %s is refused', (_, body, message) => {
    expect(() => read(body)).toThrow(MultipartError);
    expect(() => read(body)).toThrow(message);
    expect(() => partsOf(Array.from(Buffer.from(body, 'latin1'), (byte) => Buffer.of(byte)))).toThrow(message);
  });
});

describe('a boundary', () => {
  it.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['Multipart/Form-Data;charset=utf-8; Boundary="a b;c"', 'a b;c'],
  ])('is found in %s', (type, boundary) => {
    expect(boundaryOf(type)).toBe(boundary);
  });

  it.each([
    [undefined, /no Content-Type/],
    ['application/json', /the Content-Type is application\/json; multipart\/form-data was expected/],
    ['multipart/form-data', /no boundary/],
    [`multipart/form-data; boundary=${'x'.repeat(71)}`, /longer than 70/],
  ])('is missed in %s', (type, message) => {
    expect(() => boundaryOf(type)).toThrow(message);
  });
});
