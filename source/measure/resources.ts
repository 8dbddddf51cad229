// What a run makes at its target and removes again. A resource is known by the request that removes it: `DELETE /v1/sessions/7`.

/** What became known of resources in a short while; what was made and removed within it is in the counts alone. */
export interface ResourceChange {
  /** Those that are there now. What is removed is removed first. */
  readonly made: readonly string[];
  /** Those that are not there any more. */
  readonly removed: readonly string[];
  /** How many were made, and how many of these were removed before they were told of. */
  readonly madeCount: number;
  readonly goneCount: number;
  /** Requests that make something and had no answer: whether they made it nobody knows. */
  readonly unansweredCount: number;
}

/** What became of the resources of a run. */
export interface ResourceSummary {
  readonly made: number;
  /** Removed by steps of the run. */
  readonly removed: number;
  /** Removed after the load, by the clean-up. */
  readonly cleanedUp: number;
  /** Still there, as far as is known. */
  readonly left: number;
  /** The request that would remove one of these; null where none is left. */
  readonly example: string | null;
  /** Why those are left; null where none is. */
  readonly reason: string | null;
  /** Requests that make something and had no answer. */
  readonly unanswered: number;
}
