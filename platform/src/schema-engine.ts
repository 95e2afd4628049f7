import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type * as Bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { Pool } from 'pg';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
type Queryable = Pick<Adapter, 'queryRaw'>;

/** Types of Postgres by their OID in `pg_type`. */
const CHAR_OID = 18;
const TEXT_OID = 25;

type WasmExports = Readonly<Record<string, () => void>>;

/** As much of the standard global as is used here; TypeScript has it in its browser library only. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: WasmExports } }>;
};

interface Loadable {
  __wbg_set_wasm(exports: WasmExports): void;
}

let bindings: Promise<typeof Bindings> | undefined;

/** Prisma's own schema engine over one database, in WebAssembly: what its native binary does for `prisma migrate`. */
export async function openSchemaEngine(pool: Pool): Promise<Bindings.SchemaEngine> {
  const { SchemaEngine: Engine } = await (bindings ??= load());
  const factory = bindMigrationAwareSqlAdapterFactory(new EngineAdapterFactory(pool));
  return Engine.new({ datamodels: undefined }, () => undefined, factory);
}

async function load(): Promise<typeof Bindings> {
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const module = (await import(path)) as typeof Bindings & Loadable;
  const wasm = await readFile(join(dirname(path), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': module });
  module.__wbg_set_wasm(instance.exports);
  instance.exports['__wbindgen_start']?.();
  // the engine reports its panics to this global
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => new Error(text) },
  });
  return module;
}

class EngineAdapterFactory extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (level) => readCharColumns(await start(level));
    return readCharColumns(adapter);
  }
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
