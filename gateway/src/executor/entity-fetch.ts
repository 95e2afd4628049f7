import type { FetchNode } from '@apollo/query-planner';
import { Kind, parse } from 'graphql';

import { type AskEntities, type EntityAnswer, readEntities } from './entity-answer.ts';
import type { EntityBatcher } from './entity-batch.ts';
import { commonPath, toError } from './fetch-errors.ts';
import { merge, pathsTo } from './merge.ts';
import { compileRepresentation } from './representation.ts';
import { compileRewrites } from './rewrites.ts';
import { createBody } from './send-body.ts';
import type { TypeTest } from './type-test.ts';
import { type Cursor, isObject, type Json, type Run, type Step } from './types.ts';

/** A fetch of more fields of entities: each distinct representation is sent once, its answer merged into all. */
export function compileEntityFetch(fetch: FetchNode, test: TypeTest, batcher: EntityBatcher): Step {
  const { serviceName } = fetch;
  const represent = compileRepresentation(fetch.requires ?? [], test);
  const rewriteInput = compileRewrites(fetch.inputRewrites, test);
  const rewriteOutput = compileRewrites(fetch.outputRewrites, test);
  const ask = compileAsk(fetch, batcher);

  return (cursor, run) => {
    const groups = new Map<string, Json[]>();
    for (const target of cursor.targets) {
      const representation = represent(target);
      if (!representation?.['__typename']) continue;
      rewriteInput?.(representation);
      const key = JSON.stringify(representation);
      const group = groups.get(key);
      if (group) group.push(target);
      else groups.set(key, [target]);
    }
    return groups.size ? fetchGroups(cursor, run, groups) : undefined;
  };

  async function fetchGroups(cursor: Cursor, run: Run, groups: Map<string, Json[]>): Promise<void> {
    const targets = [...groups.values()];
    try {
      const answer = await ask([...groups.keys()], run);
      placeErrors(serviceName, cursor, run, targets, answer);
      answer.entities?.forEach((entity, i) => {
        if (!isObject(entity)) return;
        const group = targets[i] ?? [];
        entity['__typename'] ??= group[0]?.['__typename'];
        rewriteOutput?.(entity);
        for (const target of group) merge(target, entity);
      });
    } catch (err) {
      run.errors.push(toError(serviceName, err, placeOfAll(cursor, run, targets)));
    }
  }
}

function placeErrors(
  service: string,
  cursor: Cursor,
  run: Run,
  targets: Json[][],
  { errors }: EntityAnswer,
): void {
  for (const { at, path, error } of errors) {
    if (at === null) {
      run.errors.push(toError(service, error, placeOfAll(cursor, run, targets)));
      continue;
    }
    for (const target of targets[at] ?? []) {
      for (const place of pathsTo(run.root, cursor.path, target)) {
        run.errors.push(toError(service, error, [...place, ...path]));
      }
    }
  }
}

function placeOfAll(cursor: Cursor, run: Run, targets: Json[][]) {
  return commonPath(targets.flat().flatMap((target) => pathsTo(run.root, cursor.path, target)));
}

function compileAsk(fetch: FetchNode, batcher: EntityBatcher): AskEntities {
  const selection = selectionOf(fetch);
  if (selection) {
    const query = batcher.query(fetch.serviceName, selection);
    return (representations, run) => batcher.ask(query, representations, run);
  }
  const body = createBody(fetch);
  return async (representations, run) => {
    const json = body(run.variables, representations.join());
    const result = await run.send(fetch.serviceName, json, run.context, 'query');
    return readEntities(result, '_entities', representations.length);
  };
}

/** What a fetch selects of its entities, when that needs no variable and no fragment from elsewhere. */
function selectionOf({ operation, variableUsages }: FetchNode): string | null {
  if (variableUsages?.length) return null;
  const [definition, ...others] = parse(operation).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION || others.length) return null;
  const [field] = definition.selectionSet.selections;
  if (field?.kind !== Kind.FIELD || definition.directives?.length || field.directives?.length) return null;
  const at = field.selectionSet?.loc;
  return at ? operation.slice(at.start, at.end) : null;
}
