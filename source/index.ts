// The package as a library: the type of a profile that is written in TypeScript, `export default {…} satisfies Profile`, and
// the types of a complete profile and of a run's results, for programs that read them.

export type { Stage } from './load/arrival-plan.ts';
export type { CauseName, Fault } from './measure/cause.ts';
export type { Objective, ObjectiveMetric, ObjectiveStatus } from './measure/objective.ts';
export type { OutcomeClass } from './measure/outcome.ts';
export type {
  CauseSummary,
  ObjectiveSummary,
  OutcomeSummary,
  SeriesSummary,
  SpanSummary,
  Summary,
} from './measure/summary.ts';
export type {
  BodyFunction,
  BodyValue,
  CheckFunction,
  CountFunction,
  FunctionAnswer,
  FunctionRequest,
  FunctionTurn,
  TextFunction,
} from './profile/functions.ts';
export type {
  ConnectionSettings,
  HttpProbeSettings,
  Load,
  MongoProbeSettings,
  ProbePace,
  ProbeSettings,
  ProbeTls,
  Profile as CompleteProfile,
  Scenario,
  Step,
} from './profile/profile.ts';
export type { WrittenProfile as Profile } from './profile/schema.ts';
