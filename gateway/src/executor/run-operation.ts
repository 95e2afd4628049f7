import { type ExecutionResult, getVariableValues, GraphQLError, type GraphQLSchema } from 'graphql';

import type { CompiledOperation } from './compile-operation.ts';
import { introspect } from './introspection.ts';
import { merge } from './merge.ts';
import type { Json, RawError, RawResult, Run, Send } from './types.ts';

export interface RunOptions<Context> {
  readonly schema: GraphQLSchema;
  readonly hideSuggestions: boolean;
  readonly send: Send<Context>;
  readonly context: Context;
  readonly variables: Json;
  /** Of a subscription: what its stream gave. */
  readonly event?: RawResult;
  /** Why fields of it are withheld. */
  readonly withheld?: readonly GraphQLError[] | undefined;
}

/** Runs a compiled operation once. Faults of subgraphs are errors of the result; it does not throw for them. */
export async function runOperation<Context>(
  compiled: CompiledOperation,
  { schema, hideSuggestions, send, context, variables, event, withheld = [] }: RunOptions<Context>,
): Promise<ExecutionResult> {
  const coerced = getVariableValues(schema, compiled.operation.variableDefinitions ?? [], variables, {
    hideSuggestions,
  });
  if (coerced.errors) return { errors: coerced.errors.map(asBadInput) };

  const root: Json = event?.data ?? {};
  const errors = [...withheld, ...(event?.errors ?? []).map((error) => eventError(compiled, error))];
  const run: Run<Context> = { send, context, variables, root, errors, batches: new Map() };
  if (event) compiled.rewritePrimary?.(root);
  await compiled.run?.({ targets: [root], path: [] }, run as Run);
  if (compiled.introspection) {
    const answer = await introspect(schema, compiled.introspection, variables);
    if (answer.errors) return answer as ExecutionResult;
    merge(root, answer.data ?? {});
  }

  const completion: RawError[] = [];
  const data = compiled.shapeFor(coerced.coerced).apply(root, { path: [], errors: completion });
  if (errors.length) return { data, errors };
  return completion.length ? { data, extensions: { valueCompletion: completion } } : { data };
}

function asBadInput(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? [],
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

function eventError({ primary }: CompiledOperation, { message, path, extensions }: RawError): GraphQLError {
  return new GraphQLError(message ?? 'subscription failed', {
    path,
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...extensions, serviceName: primary?.serviceName },
  });
}
