import { randomUUID } from 'node:crypto';

import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { Pool } from 'pg';

import { openPool, withClient, withDatabase } from './database.ts';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
type Queryable = Pick<Adapter, 'queryRaw'>;

/** Types of Postgres by their OID in `pg_type`. */
const CHAR_OID = 18;
const TEXT_OID = 25;
const STATEMENT_MS = 60_000;

export interface EngineAdapterFactory extends SqlMigrationAwareDriverAdapterFactory, AsyncDisposable {}

/** What the schema engine reaches a database by: PrismaPg, less what that lacks for migrations. */
export function createEngineAdapterFactory(url: string): EngineAdapterFactory {
  const open = new Set<Adapter>();

  async function connect(target: string, release?: () => Promise<void>): Promise<Adapter> {
    const pool = openPool(target, { max: 2, statementMs: STATEMENT_MS });
    const adapter = adapt(await new PrismaPg(pool).connect(), pool);
    open.add(adapter);
    adapter.dispose = async () => {
      if (!open.delete(adapter)) return;
      await pool.end();
      await release?.();
    };
    return adapter;
  }

  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(url),
    async connectToShadowDb() {
      const name = `prisma_shadow_${randomUUID().replaceAll('-', '')}`;
      await command(url, `CREATE DATABASE ${name} TEMPLATE template0`);
      return connect(withDatabase(url, name), () => command(url, `DROP DATABASE ${name} WITH (FORCE)`));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...open].map((adapter) => adapter.dispose()));
    },
  };
}

function adapt(adapter: Adapter, pool: Pool): Adapter {
  const start = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (level) => readCharColumns(await start(level));
  // in one message: PrismaPg cuts a script at each `;`, those in the bodies of functions too
  adapter.executeScript = async (script) => {
    await pool.query(script);
  };
  return readCharColumns(adapter);
}

/** PrismaPg knows no type for the one-byte "char", which is all over the catalog that the engine reads. */
function readCharColumns<Q extends Queryable>(queryable: Q): Q {
  const inner = queryable as Q & {
    performIO(query: unknown): Promise<{ fields: { dataTypeID: number }[]; rows: object }>;
  };
  const perform = inner.performIO.bind(queryable);
  const query = queryable.queryRaw.bind(queryable);
  const charColumns = new WeakMap<object, number[]>();
  inner.performIO = async (statement) => {
    const result = await perform(statement);
    const columns = result.fields.flatMap(({ dataTypeID }, index) =>
      dataTypeID === CHAR_OID ? [index] : [],
    );
    for (const field of result.fields) if (field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID;
    charColumns.set(result.rows, columns);
    return result;
  };
  queryable.queryRaw = async (statement) => {
    const result = await query(statement);
    for (const index of charColumns.get(result.rows) ?? [])
      result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  return queryable;
}

async function command(url: string, sql: string): Promise<void> {
  await withClient(url, (client) => client.query(sql));
}
