// The order in which a scenario runs its steps, where it is more than one after the other: as the profile has it (a tree
// over the numbers of its steps).

/** Holds for texts with templates in them. */
export type Condition =
  /** Not empty, `false`, `null` or 0; a name that nothing was captured for is empty. */
  | { readonly type: 'there'; readonly text: string }
  | { readonly type: 'equals'; readonly texts: readonly [string, string] };

export type FlowNode =
  /** @param step index into the steps of the scenario */
  | { readonly type: 'step'; readonly step: number }
  | { readonly type: 'if'; readonly condition: Condition; readonly body: Flow; readonly otherwise: Flow }
  | { readonly type: 'repeat'; readonly times: number; readonly body: Flow }
  /** @param list name of a captured list; each of its values is `{{item}}` in turn */
  | { readonly type: 'each'; readonly list: string; readonly body: Flow };

export type Flow = readonly FlowNode[];
