import { logger, withCorrelationId } from '@volna/platform/log';
import type { FormattedExecutionResult } from 'graphql';

import type { OperationContext } from '../context.ts';
import type { Executor } from '../executor/index.ts';
import type { ClientOperation } from '../operations/client-operation.ts';
import type { CheckedOperation } from '../operations/operation-checker.ts';
import { Delivery } from './delivery.ts';
import { Feed, type Siblings } from './feed.ts';
import { type SendText, Subscriber } from './subscriber.ts';

export type Results = AsyncIterableIterator<FormattedExecutionResult>;

/** Runs a subscription that has been checked. With `send` all but the first result may go that way, as text. */
export type OpenSubscription = (
  checked: CheckedOperation,
  operation: ClientOperation,
  context: OperationContext,
  send?: SendText,
) => Results;

/**
 * Each client begins with a subscription of its own on the subgraph, which judges its rights; once it has had all that
 * another one of the same operation, variables and rights has had, one goes on for both.
 */
export function createOpenSubscription(executor: Executor<OperationContext>): OpenSubscription {
  const families = new Map<string, { readonly siblings: Siblings; feeds: number }>();

  async function run(feed: Feed, key: string): Promise<void> {
    try {
      await feed.run();
    } catch (err) {
      logger.error({ err }, 'subscription failed');
    } finally {
      const family = families.get(key);
      if (family && --family.feeds === 0) families.delete(key);
    }
  }

  return ({ document }, operation, context, send) => {
    const { operationName, variables } = operation;
    const { correlationId } = context.caller;
    const opened = withCorrelationId(correlationId, () =>
      executor.subscribe({ query: document, operationName, variables, context }),
    );
    const subscriber = new Subscriber(context, send);
    if (!('next' in opened)) {
      withCorrelationId(correlationId, () => subscriber.deliver(new Delivery(opened, undefined)));
      subscriber.end();
      return subscriber;
    }
    const key = keyOf(operation, context);
    const family = families.get(key) ?? { siblings: new Map(), feeds: 0 };
    families.set(key, family);
    family.feeds++;
    const feed = new Feed(opened, context, family.siblings);
    feed.add(subscriber);
    void run(feed, key);
    return subscriber;
  };
}

/** All that a subgraph may make anything of: what is asked, and who asks, be it for strangers that nobody does. */
function keyOf({ query, operationName, variables }: ClientOperation, { caller }: OperationContext): string {
  const { viewer, acceptLanguage } = caller;
  return JSON.stringify([query, operationName ?? null, variables ?? null, viewer, acceptLanguage ?? null]);
}
