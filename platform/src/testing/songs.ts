import { defineEvent } from '@volna/events';
import type { Pool } from 'pg';
import { z } from 'zod';

import { openPool } from '../database.ts';
import { type OutboxRow, outboxRow } from '../outbox.ts';
import { openTestDatabase } from './database.ts';

export const songSung = defineEvent('test.song.sung', z.object({ number: z.number() }));

export const sing = (number: number) => outboxRow(songSung, { number });

const TABLES = `
  CREATE TABLE outbox (id text PRIMARY KEY, subject text NOT NULL, payload jsonb NOT NULL,
    correlation_id text NOT NULL, occurred_at timestamptz(3) NOT NULL, published_at timestamptz(3),
    attempts int NOT NULL DEFAULT 0);
  CREATE TABLE processed_message (consumer text, id text, at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, id));
  CREATE TABLE sung (number int)`;

/** A database of a service that sings. */
export async function openSongDatabase() {
  const database = await openTestDatabase();
  const db = openPool(database.url);
  await db.query(TABLES);
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

export async function insertRows(db: Pick<Pool, 'query'>, ...rows: readonly OutboxRow[]): Promise<void> {
  await db.query(
    `INSERT INTO outbox (id, subject, payload, correlation_id, occurred_at)
     SELECT id, subject, payload, "correlationId", "occurredAt" FROM json_to_recordset($1)
     AS row(id text, subject text, payload jsonb, "correlationId" text, "occurredAt" timestamptz)`,
    [JSON.stringify(rows)],
  );
}

/** As much of a Prisma client as `once` needs. */
export function asPrisma(db: Pool) {
  return {
    async $transaction<Result>(run: (tx: Transaction) => Promise<Result>): Promise<Result> {
      const client = await db.connect();
      try {
        await client.query('BEGIN');
        const result = await run({ query: (sql) => client.query(sql), processedMessage: { createMany } });
        await client.query('COMMIT');
        return result;
      } catch (err) {
        await client.query('ROLLBACK');
        throw err;
      } finally {
        client.release();
      }

      async function createMany({ data }: { data: { consumer: string; id: string }[] }) {
        const sql = `INSERT INTO processed_message (consumer, id)
          SELECT consumer, id FROM json_to_recordset($1) AS row(consumer text, id text) ON CONFLICT DO NOTHING`;
        const { rowCount } = await client.query(sql, [JSON.stringify(data)]);
        return { count: rowCount ?? 0 };
      }
    },
  };
}

export interface Transaction {
  query(sql: string): Promise<unknown>;
  processedMessage: {
    createMany(args: { data: { consumer: string; id: string }[] }): Promise<{ count: number }>;
  };
}

export const countSung = async (db: Pool) => (await db.query('SELECT 1 FROM sung')).rowCount;
export const singIt = async (tx: Transaction) => {
  await tx.query('INSERT INTO sung VALUES (1)');
};
