import type { EventDefinition, JobDefinition } from '@volna/events';

import { unseal } from './bus-envelope.ts';
import { type Handle, MAX_DELIVERIES } from './bus.ts';
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
  readonly backOffMs: number;
}

/** Hands a message's text to its handler and judges how that went. `delivery` counts from 1. */
export async function deliver(consumption: Consumption, text: string, delivery: number): Promise<Outcome> {
  const { definition, consumer, handle, backOffMs } = consumption;
  const about = { consumer, subject: definition.subject, delivery };
  // a delivery too many is one whose process ended before it could say so
  if (delivery > MAX_DELIVERIES) return dead(about, 'each process that handled it has ended');

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
      if (delivery >= MAX_DELIVERIES) return dead(about, messageOf(err));
      return { kind: 'retry', afterMs: backOffMs * 2 ** (delivery - 1) };
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
