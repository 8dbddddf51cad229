// A real mongod for tests, wherever there is one: the one that LOADTOP_TEST_MONGODB names, or one from PATH that is started
// in a temporary folder.
import { type Mongod, startMongod } from '../../source/demo/mongod.ts';

const howTo =
  'install mongod, or set LOADTOP_TEST_MONGODB=mongodb://… (docker compose -f test/mongodb.compose.yaml up -d --wait starts one on port 27027)';

/** A server and how to stop it, or why there is none and what to do about it. */
export const realMongod = async (): Promise<Mongod | { readonly missing: string }> => {
  const named = process.env.LOADTOP_TEST_MONGODB;
  if (named !== undefined && named !== '') return { uri: named, stop: async () => {} };
  try {
    return await startMongod(AbortSignal.timeout(30_000));
  } catch (error) {
    return { missing: `${error instanceof Error ? error.message.split(':')[0] : String(error)}: ${howTo}` };
  }
};
