// Writes profiles/profile.schema.json, which editors hold profiles against. Run by `npm run schema`;
// test/profile/json-schema.test.ts fails when it is stale.

import { writeFileSync } from 'node:fs';
import { profileJsonSchema } from '../../source/profile/json-schema.ts';

const file = new URL('../../profiles/profile.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(profileJsonSchema(), undefined, 2)}\n`);
