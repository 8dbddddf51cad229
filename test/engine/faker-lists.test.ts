// Lists of Faker are the same each time, each by itself; what is no function of it is refused with a proposal.

import { describe, expect, it } from 'vitest';
import { fakerLists } from '../../source/engine/faker-lists.ts';

describe('lists of Faker', () => {
  it('hold 1,000 values, the same whichever others there are', async () => {
    const one = await fakerLists(['person.fullName']);
    const two = await fakerLists(['commerce.productName', 'date.past', 'person.fullName']);
    const names = one.get('person.fullName');
    expect(names).toHaveLength(1000);
    expect(new Set(names).size).toBeGreaterThan(900);
    expect(two.get('person.fullName')).toEqual(names);
    expect(two.get('date.past')?.[0]).toMatch(/^20\d\d-\d\d-\d\dT/);
    expect((await fakerLists([])).size).toBe(0);
  });

  it.each([
    ['person.fulName', 'did you mean {{faker person.fullName}}?'],
    ['nothing', 'they are listed at https://fakerjs.dev/api/'],
    ['person.constructor', 'they are listed at https://fakerjs.dev/api/'],
    ['helpers.arrayElement', undefined],
  ])('%s is refused', async (name, hint) => {
    await expect(fakerLists([name])).rejects.toMatchObject({
      message: `{{faker ${name}}}: found no such function, expected one of Faker, such as commerce.productName`,
      ...(hint !== undefined && { hint }),
    });
  });

  it('that are no text, or want arguments, are refused', async () => {
    await expect(fakerLists(['image.nothing'])).rejects.toThrow('found no such function');
    await expect(fakerLists(['location.nearbyGPSCoordinate'])).rejects.toThrow('found a value that is no text');
  });
});
