import type { FetchNode } from '@apollo/query-planner';
import { Kind, parse, type SelectionSetNode } from 'graphql';

import { toError } from './fetch-errors.ts';
import { merge } from './merge.ts';
import { compileRewrites } from './rewrites.ts';
import { createBody } from './send-body.ts';
import type { TypeTest } from './type-test.ts';
import type { OperationKind, Step } from './types.ts';

/** A fetch of root fields: one operation, its data merged into the root. */
export function compileRootFetch(fetch: FetchNode, test: TypeTest): Step {
  const { serviceName } = fetch;
  const kind = fetch.operationKind as OperationKind;
  const body = createBody(fetch);
  const rewriteOutput = compileRewrites(fetch.outputRewrites, test);
  const keys = rootKeys(fetch.operation);
  return async ({ targets, path }, run) => {
    try {
      const { data, errors } = await run.send(serviceName, body(run.variables), run.context, kind);
      for (const error of errors ?? []) {
        run.errors.push(toError(serviceName, error, error.path && [...path, ...error.path]));
      }
      if (!data) return;
      rewriteOutput?.(data);
      for (const target of targets) merge(target, data);
    } catch (err) {
      const paths = keys.length ? keys.map((key) => [...path, key]) : [undefined];
      run.errors.push(...paths.map((at) => toError(serviceName, err, at)));
    }
  };
}

/** The response keys of an operation's root fields, so that an error of the whole fetch has a place. */
function rootKeys(operation: string): string[] {
  const keys = new Set<string>();
  const document = parse(operation, { noLocation: true });
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) walk(definition.selectionSet);
  }
  return [...keys];

  function walk(set: SelectionSetNode): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) keys.add(selection.alias?.value ?? selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet);
    }
  }
}
