import type { EventDefinition, JobDefinition } from '@volna/events';

import { unseal } from './bus-envelope.ts';
import { type Handle, LONGEST_PAUSE_MS, MAX_DELIVERIES, type Retry } from './bus.ts';
import { logger, withCorrelationId } from './log.ts';

/** What is to become of a message after one delivery. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly afterMs: number }
  | { readonly kind: 'dead'; readonly reason: string };

/** One consumer of one kind of message, whichever bus brings it. */
export interface Consumption {
  readonly definition: EventDefinition | JobDefinition;
  readonly consumer: string;
  /** Gets data that the definition has parsed. */
  readonly handle: Handle<unknown>;
  readonly retry: Retry;
}

/** What a consumer asked for; the rest as the bus does it. */
export function toRetry(asked: Partial<Retry> = {}, backOffMs: number): Retry {
  return { deliveries: MAX_DELIVERIES, pauseMs: backOffMs, longestPauseMs: LONGEST_PAUSE_MS, ...asked };
}

/** Hands a message's text to its handler and judges how that went. `delivery` counts from 1. */
export async function deliver(consumption: Consumption, text: string, delivery: number): Promise<Outcome> {
  const { definition, consumer, handle, retry } = consumption;
  const about = { consumer, subject: definition.subject, delivery };
  // a delivery too many is one whose process ended before it could say so
  if (delivery > retry.deliveries) return dead(about, 'each process that handled it has ended');

  const message = tryUnseal(definition, text);
  if ('reason' in message) return dead(about, message.reason);

  const { data, envelope } = message;
  const { id, occurredAt, correlationId } = envelope;
  return withCorrelationId(correlationId, async () => {
    try {
      await handle(data, { id, occurredAt, correlationId, delivery });
      return { kind: 'done' };
    } catch (err) {
      logger.warn({ err, ...about }, 'handler failed');
      if (delivery >= retry.deliveries) return dead(about, messageOf(err));
      const afterMs = Math.min(retry.pauseMs * 2 ** (delivery - 1), retry.longestPauseMs);
      return { kind: 'retry', afterMs };
    }
  });
}

function tryUnseal(definition: EventDefinition | JobDefinition, text: string) {
  try {
    return unseal(definition, text);
  } catch (err) {
    return { reason: `not a message of ${definition.subject}: ${messageOf(err)}` };
  }
}

function dead(about: object, reason: string): Outcome {
  logger.error({ ...about, reason }, 'message given up');
  return { kind: 'dead', reason };
}

export function messageOf(err: unknown): string {
  return err instanceof Error ? err.message : String(err);
}
