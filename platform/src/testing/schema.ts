import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { openSchemaEngine } from '../schema-engine.ts';
import { openTestDatabase } from './database.ts';

const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** The SQL that would bring a database to a `schema.prisma`; what Prisma cannot express is left alone. */
export async function diffSchema(url: string, schemaFile: string): Promise<string> {
  await using opened = await openSchemaEngine(url);
  const files = [{ path: schemaFile, content: await readFile(schemaFile, 'utf8') }];
  const { stdout } = await opened.engine.diff({
    from: { tag: 'schemaDatasource', files, configDir: dirname(schemaFile) },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    filters: NO_FILTERS,
  });
  return stdout ?? '';
}

/** Fails where a folder's migrations do not make the tables that its `schema.prisma` speaks of. */
export async function expectSchemaInStep(prismaDirectory: string): Promise<void> {
  await using database = await openTestDatabase(`${prismaDirectory}/migrations`);
  const missing = await diffSchema(database.url, `${prismaDirectory}/schema.prisma`);
  if (!/^-- This is an empty migration\.\s*$/.test(missing)) {
    throw new Error(`the migrations lack what brings them to schema.prisma:\n${missing}`);
  }
}
