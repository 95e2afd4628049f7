import type { Client } from 'pg';

import type { DatabaseShape } from './manifest.ts';

const MIGRATIONS = `
  SELECT migration_name AS name, checksum FROM _prisma_migrations
  WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`;
/** Of a table that is made of partitions these hold the rows. What is computed from a row is not copied. */
const TABLES = `
  SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attgenerated = ''
    AND c.relname <> '_prisma_migrations'
  GROUP BY c.oid ORDER BY c.relname`;
const PARTITIONS = `
  SELECT c.relname AS name, p.relname AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname`;
const SEQUENCES = `
  SELECT sequencename AS name, coalesce(last_value, start_value)::text AS last, last_value IS NOT NULL AS "isCalled"
  FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename`;

/** What there is to copy of a database, as the client's transaction sees it. */
export async function readShape(client: Client): Promise<DatabaseShape> {
  const read = async <Row extends object>(sql: string) => (await client.query<Row>(sql)).rows;
  return {
    migrations: await read(MIGRATIONS),
    tables: await read(TABLES),
    partitions: await read(PARTITIONS),
    sequences: await read(SEQUENCES),
  };
}
