// A process of its own with few file descriptors: drives 60 slow requests at once on 60 connections, and says what came of it.

import { constantSegments } from '../../source/load/arrival-plan.ts';
import { drive } from './drive.ts';

const port = Number(process.argv[2]);
const { summary } = await drive({
  port,
  segments: constantSegments(300, 200),
  forMs: 200,
  graceMs: 3000,
  spec: { timeoutMs: 1000 },
});
const causes = summary.outcomes.flatMap((outcome) => outcome.causes);
process.send?.({ causes, balanced: summary.balanced, own: summary.generator.verdict }, () => process.disconnect?.());
