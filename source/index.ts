// The package as a library: the types of a profile and of a run's results, for programs that make the one or read the other.

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
  ConnectionSettings,
  HttpProbeSettings,
  Load,
  MongoProbeSettings,
  ProbePace,
  ProbeSettings,
  ProbeTls,
  Profile,
  Scenario,
  Step,
} from './profile/profile.ts';
