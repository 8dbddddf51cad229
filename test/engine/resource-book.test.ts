// What was made and removed between two looks.

import { describe, expect, it } from 'vitest';
import { isRemoval, ResourceBook } from '../../source/engine/resource-book.ts';

describe('what is told of resources', () => {
  it('is nothing where nothing happened, and each thing once', () => {
    const book = new ResourceBook();
    expect(book.take()).toBeUndefined();
    book.made('DELETE /a/1');
    expect(book.take()).toMatchObject({ made: ['DELETE /a/1'], removed: [], madeCount: 1, goneCount: 0 });
    expect(book.take()).toBeUndefined();
  });

  it('leaves out what came and went meanwhile, but for its number', () => {
    const book = new ResourceBook();
    book.made('DELETE /a/1');
    book.made('DELETE /a/2');
    book.removed('DELETE /a/1');
    expect(book.take()).toEqual({
      made: ['DELETE /a/2'],
      removed: [],
      madeCount: 2,
      goneCount: 1,
      unansweredCount: 0,
    });
  });

  it('has what was removed and made again among both: removed first', () => {
    const book = new ResourceBook();
    book.removed('PUT /a');
    book.made('PUT /a');
    book.unanswered();
    expect(book.take()).toMatchObject({ made: ['PUT /a'], removed: ['PUT /a'], unansweredCount: 1 });
  });
});

it('success, 404 and 410 say that something is gone, a redirect to elsewhere does not', () => {
  expect([200, 204, 303, 404, 410].every(isRemoval)).toBe(true);
  expect([301, 302, 304, 307, 308, 403, 409, 500].some(isRemoval)).toBe(false);
});
