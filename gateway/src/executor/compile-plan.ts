import type { VariableDefinitions } from '@apollo/federation-internals';
import { evaluateCondition, type FetchNode, type PlanNode } from '@apollo/query-planner';

import { EntityBatcher } from './entity-batch.ts';
import { compileEntityFetch } from './entity-fetch.ts';
import { objectsAt } from './merge.ts';
import { compileRootFetch } from './root-fetch.ts';
import type { TypeTest } from './type-test.ts';
import type { Step } from './types.ts';

/** Turns a query plan into closures, so that nothing of it is interpreted again while it runs. */
export function compilePlan(node: PlanNode, variables: VariableDefinitions, test: TypeTest): Step {
  const batcher = new EntityBatcher();
  return compile(node);

  function compile(plan: PlanNode): Step {
    switch (plan.kind) {
      case 'Sequence':
        return inSequence(plan.nodes.map(compile));
      case 'Parallel':
        return inParallel(plan.nodes.map(compile));
      case 'Flatten': {
        const step = compile(plan.node);
        return ({ targets, path }, run) => {
          const below = objectsAt(targets, plan.path);
          return below.length ? step({ targets: below, path: [...path, ...plan.path] }, run) : undefined;
        };
      }
      case 'Condition': {
        const yes = plan.ifClause && compile(plan.ifClause);
        const no = plan.elseClause && compile(plan.elseClause);
        return (cursor, run) => (evaluateCondition(plan, variables, run.variables) ? yes : no)?.(cursor, run);
      }
      case 'Fetch':
        return compileFetch(plan);
      case 'Defer':
      default:
        throw new Error(`${plan.kind} is not supported`);
    }
  }

  function compileFetch(fetch: FetchNode): Step {
    if (fetch.contextRewrites) throw new Error('@fromContext is not supported');
    return fetch.requires ? compileEntityFetch(fetch, test, batcher) : compileRootFetch(fetch, test);
  }
}

function inSequence(steps: readonly Step[]): Step {
  return async (cursor, run) => {
    for (const step of steps) await step(cursor, run);
  };
}

function inParallel(steps: readonly Step[]): Step {
  return async (cursor, run) => {
    await Promise.all(steps.map(async (step) => step(cursor, run)));
  };
}
