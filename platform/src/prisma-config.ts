import { fileURLToPath } from 'node:url';

import { defineConfig } from 'prisma/config';

const SCHEMA_ENGINE = fileURLToPath(new URL('schema-engine-cli.ts', import.meta.url));

/**
 * Where every subgraph keeps its Prisma files, relative to its `prisma.config.ts`. The Prisma commands run
 * our schema engine and download none; those that need a database take it from `DATABASE_URL`.
 */
export function definePrismaConfig() {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= SCHEMA_ENGINE;
  // it would report each run to Prisma
  process.env.CHECKPOINT_DISABLE ??= '1';
  const url = process.env.DATABASE_URL;
  return defineConfig({
    schema: 'prisma/schema.prisma',
    migrations: { path: 'prisma/migrations' },
    ...(url && { datasource: { url } }),
  });
}
