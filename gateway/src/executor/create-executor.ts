import {
  DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  Supergraph as FederatedSchema,
} from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { LruMap } from '@volna/platform/lru-map';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';

import { type CompiledOperation, compileOperation, type Supergraph } from './compile-operation.ts';
import { runOperation } from './run-operation.ts';
import { createBody } from './send-body.ts';
import { hydrateEvents } from './subscribe.ts';
import { createTypeTest } from './type-test.ts';
import type { Json, Open, Send, Withheld } from './types.ts';

export interface ExecutorOptions<Context> {
  readonly supergraphSdl: string;
  readonly send: Send<Context>;
  /** Needed only for subscriptions. */
  readonly open?: Open<Context>;
  /** How many texts are kept parsed and validated; those given as documents live as long as the document. */
  readonly maxDocuments?: number;
  /** Security features, by URL, whose rules the caller enforces; a supergraph with any other is refused. */
  readonly enforced?: readonly string[];
  /** Leaves "Did you mean" out of errors, which tells what the schema holds. */
  readonly hideSuggestions?: boolean;
}

export interface Execution<Context> {
  /** A text is parsed and validated; a document is trusted to be valid and known again by its identity. */
  readonly query: string | DocumentNode;
  readonly variables?: Json | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly context: Context;
  /** What the caller may not have of the operation, which is a document then. */
  readonly withheld?: Withheld | null | undefined;
}

/** Runs operations over a supergraph. */
export interface Executor<Context> {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  /** Plans an operation, or finds it planned; throws GraphQLError for what cannot be. */
  compile(document: DocumentNode, operationName?: string | null): CompiledOperation;
  execute(execution: Execution<Context>): Promise<ExecutionResult>;
  /** As graphql-js' `subscribe`: results, or one result when the subscription cannot begin. */
  subscribe(execution: Execution<Context>): AsyncIterableIterator<ExecutionResult> | ExecutionResult;
}

export function createExecutor<Context = unknown>(options: ExecutorOptions<Context>): Executor<Context> {
  const { send, open, hideSuggestions = false } = options;
  const supergraph = readSupergraph(options.supergraphSdl, options.enforced ?? []);
  const { schema } = supergraph;
  const run = { schema, send, hideSuggestions };
  const texts = new LruMap<string, DocumentNode>(options.maxDocuments ?? 1000);
  const plans = new WeakMap<DocumentNode, Map<string, CompiledOperation>>();

  function compile(
    document: DocumentNode,
    operationName?: string | null,
    withheld?: Withheld | null,
  ): CompiledOperation {
    const planned = withheld?.document ?? document;
    const byName = plans.get(planned) ?? new Map<string, CompiledOperation>();
    plans.set(planned, byName);
    const key = operationName ?? '';
    const compiled = byName.get(key) ?? compileOperation(supergraph, document, operationName, withheld);
    byName.set(key, compiled);
    return compiled;
  }

  function prepare({
    query,
    operationName,
    withheld,
  }: Execution<Context>): CompiledOperation | ExecutionResult {
    try {
      const document =
        typeof query === 'string'
          ? texts.take(query, () => readDocument(schema, query, hideSuggestions))
          : query;
      return compile(document, operationName, withheld);
    } catch (err) {
      if (err instanceof InvalidDocument) return { errors: err.errors };
      if (err instanceof GraphQLError) return { errors: [err] };
      throw err;
    }
  }

  return {
    schema,
    compile,
    async execute(execution) {
      const compiled = prepare(execution);
      if (!('operation' in compiled)) return compiled;
      if (compiled.primary) return { errors: [new GraphQLError('a subscription has no single result')] };
      const { context, withheld } = execution;
      const variables = execution.variables ?? {};
      return runOperation(compiled, { ...run, context, variables, withheld: withheld?.errors });
    },
    subscribe(execution) {
      const compiled = prepare(execution);
      if (!('operation' in compiled)) return compiled;
      if (!compiled.primary || !open)
        return { errors: [new GraphQLError('not a subscription that can be run')] };
      const { context } = execution;
      const variables = execution.variables ?? {};
      const { serviceName } = compiled.primary;
      const source = open(serviceName, createBody(compiled.primary)(variables), context);
      return hydrateEvents(serviceName, source, async (event) => {
        const result = await runOperation(compiled, { ...run, context, variables, event });
        return event.extensions ? { ...result, extensions: { ...event.extensions } } : result;
      });
    },
  };
}

function readSupergraph(sdl: string, enforced: readonly string[]): Supergraph {
  const supportedFeatures = new Set([...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES, ...enforced]);
  const federated = FederatedSchema.build(sdl, { supportedFeatures });
  const api = federated.apiSchema();
  return {
    api,
    schema: api.toGraphQLJSSchema(),
    planner: new QueryPlanner(federated),
    test: createTypeTest(federated.schema.toGraphQLJSSchema()),
  };
}

class InvalidDocument extends Error {
  override name = 'InvalidDocument';
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super('invalid document');
    this.errors = errors;
  }
}

function readDocument(schema: GraphQLSchema, text: string, hideSuggestions: boolean): DocumentNode {
  const document = parse(text);
  const errors = validate(schema, document, undefined, { hideSuggestions });
  if (errors.length) throw new InvalidDocument(errors);
  return document;
}
