// The steps of a scenario as a file has them, nested in conditions and repetitions, and what becomes of them: a list of all
// steps in the order they stand in, and the flow over their numbers.

import type { Flow, FlowNode } from './flow.ts';
import type { Scenario, Step } from './profile.ts';
import type { NodeFile, StepFile } from './schema.ts';

type Path = readonly (string | number)[];

/** A step with the place where it stands in the file. */
export interface PlacedStep {
  readonly step: StepFile;
  readonly path: Path;
}

/** Lists of steps that a scenario has. */
export interface StepLists {
  readonly setup?: readonly NodeFile[] | undefined;
  readonly steps: readonly NodeFile[];
  readonly teardown?: readonly NodeFile[] | undefined;
}

const listKeys = ['setup', 'steps', 'teardown'] as const;

/** The steps of a list in their order, those inside others too. */
export const stepsIn = (nodes: readonly NodeFile[], path: Path): readonly PlacedStep[] =>
  nodes.flatMap((node, index) => {
    const place = [...path, index];
    if (!('steps' in node)) return [{ step: node, path: place }];
    const otherwise = 'else' in node ? (node.else ?? []) : [];
    return [...stepsIn(node.steps, [...place, 'steps']), ...stepsIn(otherwise, [...place, 'else'])];
  });

/** All steps of a scenario with their places. */
export const stepsOfLists = (lists: StepLists, path: Path): readonly PlacedStep[] =>
  listKeys.flatMap((key) => stepsIn(lists[key] ?? [], [...path, key]));

/** The scenario's steps and their flow. */
export const flowOfLists = (
  lists: StepLists,
  build: (step: StepFile) => Step,
): Pick<Scenario, 'steps' | 'flow' | 'setup' | 'teardown'> => {
  const steps: Step[] = [];
  const flowOf = (nodes: readonly NodeFile[]): Flow =>
    nodes.map((node): FlowNode => {
      if ('repeat' in node) return { type: 'repeat', times: node.repeat, body: flowOf(node.steps) };
      if ('each' in node) return { type: 'each', list: node.each, body: flowOf(node.steps) };
      if ('if' in node) {
        return { type: 'if', condition: node.if, body: flowOf(node.steps), otherwise: flowOf(node.else ?? []) };
      }
      steps.push(build(node));
      return { type: 'step', step: steps.length - 1 };
    });
  const setup = lists.setup && flowOf(lists.setup);
  const flow = flowOf(lists.steps);
  const teardown = lists.teardown && flowOf(lists.teardown);
  const isPlain = !setup && !teardown && flow.every(({ type }) => type === 'step');
  return { steps, ...(!isPlain && { flow }), ...(setup && { setup }), ...(teardown && { teardown }) };
};
