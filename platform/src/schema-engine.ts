import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type * as Bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

import { createEngineAdapterFactory } from './schema-engine-adapter.ts';

type WasmExports = Readonly<Record<string, () => void>>;

/** As much of the standard global as is used here; TypeScript has it in its browser library only. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: WasmExports } }>;
};

interface Loadable {
  __wbg_set_wasm(exports: WasmExports): void;
}

export interface OpenSchemaEngine extends AsyncDisposable {
  readonly engine: Bindings.SchemaEngine;
}

let bindings: Promise<typeof Bindings> | undefined;

/**
 * Prisma's own schema engine in WebAssembly, over one database: what its native binary does for
 * `prisma migrate`. The datamodels are pairs of a path and its text.
 */
export async function openSchemaEngine(
  url: string,
  datamodels?: [string, string][],
): Promise<OpenSchemaEngine> {
  const { SchemaEngine } = await (bindings ??= load());
  const factory = createEngineAdapterFactory(url);
  const adapter = bindMigrationAwareSqlAdapterFactory(factory);
  const engine = await SchemaEngine.new({ datamodels }, () => undefined, adapter);
  return {
    engine,
    async [Symbol.asyncDispose]() {
      engine.free();
      await factory[Symbol.asyncDispose]();
    },
  };
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
