import { defineConfig } from 'prisma/config';

/**
 * Where every subgraph keeps its Prisma files, relative to its `prisma.config.ts`. The Prisma commands want
 * a native engine that `generate` never runs: naming any executable keeps them from downloading it.
 */
export function definePrismaConfig() {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
  return defineConfig({
    schema: 'prisma/schema.prisma',
    migrations: { path: 'prisma/migrations' },
  });
}
