import type { DocumentNode, FieldNode, GraphQLError } from 'graphql';

/** A JSON object as it comes from a subgraph; the executor merges such objects in place. */
export type Json = Record<string, unknown>;
export type Path = readonly (string | number)[];

/** An error as a subgraph states it. */
export interface RawError {
  readonly message?: string;
  readonly path?: Path | undefined;
  readonly extensions?: Json | undefined;
}

export interface RawResult {
  readonly data?: Json | null | undefined;
  readonly errors?: readonly RawError[] | undefined;
  /** Of an event of a subscription: how far it takes whoever has it. */
  readonly extensions?: { readonly position?: unknown } | undefined;
}

/** What somebody may not have of an operation. */
export interface Withheld {
  /** The operation's document without it: what is planned and fetched. Known again by its identity. */
  readonly document: DocumentNode;
  /** Fields of the whole document that are answered with null, whatever was fetched on the way. */
  readonly fields: ReadonlySet<FieldNode>;
  readonly errors: readonly GraphQLError[];
}

export type OperationKind = 'query' | 'mutation' | 'subscription';

/** Brings one operation to one subgraph. `body` is the JSON of `{ query, operationName?, variables }`. */
export type Send<Context> = (
  service: string,
  body: string,
  context: Context,
  kind: OperationKind,
) => Promise<RawResult>;

/** Opens one subscription on one subgraph. */
export type Open<Context> = (service: string, body: string, context: Context) => AsyncIterator<RawResult>;

/** One run of a compiled operation. */
export interface Run<Context = unknown> {
  readonly send: Send<Context>;
  readonly context: Context;
  /** As the client sent them. */
  readonly variables: Json;
  /** What the fetches have merged so far. */
  readonly root: Json;
  readonly errors: GraphQLError[];
  /** By subgraph: the entities that the steps of this tick want of it. */
  readonly batches: Map<string, unknown>;
}

/** Where in the result a step works: the objects at one plan path (`@` stands for "each of the list"). */
export interface Cursor {
  readonly targets: readonly Json[];
  readonly path: Path;
}

/** One compiled node of a plan. */
export type Step = (cursor: Cursor, run: Run) => Promise<void> | undefined;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
