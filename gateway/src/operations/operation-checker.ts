import { LruMap } from '@volna/platform/lru-map';
import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  NoFragmentCyclesRule,
  NoSchemaIntrospectionCustomRule,
  type OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';

import type { Authorise } from '../authorisation/authorise.ts';
import type { OperationContext } from '../context.ts';
import { MAX_KEPT_TEXT } from '../documents/persisted-texts.ts';
import type { Executor } from '../executor/index.ts';
import { checkRepeats, createCheckLimits, type OperationLimits } from '../limits/limits.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { ClientOperation } from './client-operation.ts';
import { Refusal, refusing, withCode } from './refusal.ts';

export interface CheckedOperation {
  readonly document: DocumentNode;
  readonly type: OperationTypeNode;
}

export interface OperationChecker {
  /** Parses and validates a text; throws `Refusal`. */
  checkText(query: string): void;
  /** The type of an operation in a text; null for a text that has no such operation. */
  typeOf(operation: ClientOperation): OperationTypeNode | null;
  /**
   * Parses, validates, measures, charges and authorises; throws `Refusal`. Notes in the context what the operation costs
   * and what of it is withheld from the caller.
   */
  check(operation: ClientOperation, context: OperationContext): CheckedOperation;
}

export interface CheckerOptions {
  readonly executor: Executor<OperationContext>;
  readonly limits: OperationLimits;
  readonly limiter: RateLimiter;
  readonly authorise: Authorise;
  readonly introspection: boolean;
}

/** Characters of the texts that are kept parsed and planned; that takes about a hundred bytes for each. */
const MAX_KEPT = 1_000_000;
/** What keeping a document costs however short it is, in characters. */
const KEPT_ANYWAY = 200;

/** Errors that one document is told of: who makes many is not mending them. */
const MAX_ERRORS = 5;

/** Checks operations of every transport as Apollo Server checks those that it is given. */
export function createOperationChecker({
  executor,
  limits,
  limiter,
  authorise,
  introspection,
}: CheckerOptions): OperationChecker {
  const { schema } = executor;
  const checkLimits = createCheckLimits(limits, schema);
  // only what passed: whoever is refused leaves nothing behind
  const kept = new LruMap<string, DocumentNode>(MAX_KEPT, (text) => text.length + KEPT_ANYWAY);
  const valid = new WeakSet<DocumentNode>();
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];

  const read = (query: string) =>
    kept.get(query) ?? refusing('GRAPHQL_PARSE_FAILED', () => parse(query, { maxTokens: limits.tokens }));
  const keep = (query: string, document: DocumentNode) => {
    if (query.length <= MAX_KEPT_TEXT && kept.get(query) !== document) kept.set(query, document);
  };

  function checkValid(document: DocumentNode): void {
    if (valid.has(document)) return;
    refusing('BAD_REQUEST', () => checkRepeats(limits, document));
    // before the others: one of them goes round with fragments that go round, until the stack is full
    const circles = validate(schema, document, [NoFragmentCyclesRule]);
    // a rule of graphql-js throws on a variable @include at the root of a subscription
    const errors = circles.length
      ? circles
      : refusing('GRAPHQL_VALIDATION_FAILED', () =>
          validate(schema, document, rules, { hideSuggestions: !introspection, maxErrors: MAX_ERRORS }),
        );
    if (errors.length) throw new Refusal(errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')));
    valid.add(document);
  }

  return {
    checkText: (query) => checkValid(read(query)),
    typeOf({ query, operationName }) {
      try {
        return getOperationAST(read(query), operationName)?.operation ?? null;
      } catch {
        return null;
      }
    },
    check({ query, operationName, variables }, context) {
      const document = read(query);
      checkValid(document);
      const operation = getOperationAST(document, operationName);
      if (!operation) {
        const error = new GraphQLError(
          operationName ? `no operation ${operationName}` : 'name one of the operations',
        );
        throw new Refusal([withCode(error, 'OPERATION_RESOLUTION_FAILURE')]);
      }
      context.cost = refusing('BAD_REQUEST', () => {
        const cost = checkLimits(document, operation, variables ?? {});
        limiter.takeCost(context, cost.requested);
        return cost;
      });
      keep(query, document);
      context.withheld = authorise(document, operation, variables ?? {}, context.caller.viewer);
      return { document, type: operation.operation };
    },
  };
}
