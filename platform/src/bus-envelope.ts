import { randomUUID } from 'node:crypto';

import type { Definition } from '@volna/events';
import { z } from 'zod';

import type { PublishOptions } from './bus.ts';
import { correlationId } from './log.ts';

/** What travels: the data of one message and what is said about it. */
export const Envelope = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  version: z.literal(1),
  occurredAt: z.string(),
  correlationId: z.string(),
  data: z.unknown(),
});
export type Envelope = z.infer<typeof Envelope>;

/** Checks the data against its definition and wraps it up. */
export function seal(definition: Definition, data: unknown, options: PublishOptions = {}): Envelope {
  return {
    id: options.id ?? randomUUID(),
    type: definition.subject,
    version: 1,
    occurredAt: options.occurredAt ?? new Date().toISOString(),
    correlationId: options.correlationId ?? correlationId(),
    data: definition.data.parse(data),
  };
}

/** The envelope and its checked data; throws for a text that is no message of this definition. */
export function unseal<Data>(definition: Definition<Data>, text: string): { envelope: Envelope; data: Data } {
  const envelope = Envelope.parse(JSON.parse(text));
  if (envelope.type !== definition.subject) throw new Error(`a message of ${envelope.type}`);
  return { envelope, data: definition.data.parse(envelope.data) };
}

/** What can be told of a message whose text may be anything. */
export function peek(text: string): { messageId: string; correlationId: string; data: unknown } {
  try {
    const envelope = Envelope.partial().parse(JSON.parse(text));
    return {
      messageId: envelope.id ?? '',
      correlationId: envelope.correlationId ?? '',
      data: envelope.data ?? text,
    };
  } catch {
    return { messageId: '', correlationId: '', data: text };
  }
}
