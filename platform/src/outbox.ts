import { randomBytes } from 'node:crypto';

import type { DataOf, EventDefinition, JobDefinition } from '@volna/events';

import { correlationId } from './log.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What `tx.outbox.create({ data })` takes. */
export interface OutboxRow {
  readonly id: string;
  readonly subject: string;
  readonly payload: { readonly [key: string]: Json };
  readonly correlationId: string;
  readonly occurredAt: Date;
}

let lastMs = 0;
let countInMs = 0;

/**
 * The row that says what a transaction has done; `startRelay` publishes it once that is committed.
 *
 *     await db.$transaction(async (tx) => {
 *       await tx.track.create({ … });
 *       await tx.outbox.create({ data: outboxRow(trackCreated, { … }) });
 *     });
 *     relay.wake();
 *
 * Each Prisma schema with an outbox holds these two models, and its first migration the index
 * `CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL`:
 *
 *     model Outbox {
 *       id            String    @id
 *       subject       String
 *       payload       Json
 *       correlationId String    @map("correlation_id")
 *       occurredAt    DateTime  @map("occurred_at") @db.Timestamptz(3)
 *       publishedAt   DateTime? @map("published_at") @db.Timestamptz(3)
 *       attempts      Int       @default(0)
 *       @@map("outbox")
 *     }
 *     model ProcessedMessage {
 *       consumer String
 *       id       String
 *       at       DateTime @default(now()) @db.Timestamptz(3)
 *       @@id([consumer, id])
 *       @@map("processed_message")
 *     }
 */
export function outboxRow<D extends EventDefinition | JobDefinition>(
  definition: D,
  data: DataOf<D>,
): OutboxRow {
  return {
    id: nextId(),
    subject: definition.subject,
    payload: definition.data.parse(data) as OutboxRow['payload'],
    correlationId: correlationId(),
    occurredAt: new Date(),
  };
}

/** Sorts as the rows were made: the relay publishes in the order of ids. */
function nextId(): string {
  const ms = Math.max(Date.now(), lastMs);
  countInMs = ms === lastMs ? countInMs + 1 : 0;
  lastMs = ms;
  return `${hex(ms, 12)}${hex(countInMs, 6)}${randomBytes(8).toString('hex')}`;
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
