import { mkdir, writeFile } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';

import { migrate, readMigrations } from '../migrate.ts';
import { openSchemaEngine } from '../schema-engine.ts';
import { openScratch } from '../scratch.ts';
import { openTestDatabase } from './database.ts';
import { diffSchema, expectSchemaInStep } from './schema.ts';

const SCHEMA = `
  datasource db {
    provider = "postgresql"
  }
  model Song {
    id       String   @id
    title    String   @db.VarChar(200)
    seconds  Float?
    tags     String[]
    singer   String
    createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz(3)
    @@index([singer, createdAt])
    @@map("song")
  }`;
const TABLE = `CREATE TABLE song (id TEXT PRIMARY KEY, title VARCHAR(200) NOT NULL, seconds DOUBLE PRECISION,
  tags TEXT[], singer TEXT NOT NULL, created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP);`;
const INDEX = 'CREATE INDEX song_singer_created_at_idx ON song (singer, created_at);';
// what Prisma has no words for
const MORE = `CREATE INDEX song_long ON song (id) WHERE seconds > 600;
  CREATE INDEX song_title ON song (lower(title));
  CREATE INDEX song_prefix ON song (title text_pattern_ops) WHERE title IS NOT NULL;
  ALTER TABLE song ADD CONSTRAINT positive CHECK (seconds > 0);`;

async function writePrismaFolder(directory: string, sql: string): Promise<void> {
  await mkdir(`${directory}/migrations/20260101000000_songs`, { recursive: true });
  await writeFile(`${directory}/schema.prisma`, SCHEMA);
  await writeFile(`${directory}/migrations/20260101000000_songs/migration.sql`, sql);
}

describe('a schema.prisma and its migrations', () => {
  it('are in step though the migrations know more than Prisma', async () => {
    await using scratch = await openScratch();
    await writePrismaFolder(scratch.path('prisma'), TABLE + INDEX + MORE);
    await expect(expectSchemaInStep(scratch.path('prisma'))).resolves.toBeUndefined();
  });

  it.each([
    ['a missing index', TABLE, /CREATE INDEX "song_singer_created_at_idx"/],
    [
      'another type',
      TABLE.replace('VARCHAR(200)', 'TEXT') + INDEX,
      /ALTER COLUMN "title" SET DATA TYPE VARCHAR\(200\)/,
    ],
    ['a column too many', `${TABLE}${INDEX} ALTER TABLE song ADD lyrics TEXT;`, /DROP COLUMN "lyrics"/],
  ])('are out of step by %s', async (_what, sql, expected) => {
    await using scratch = await openScratch();
    await writePrismaFolder(scratch.path('prisma'), sql);
    await expect(expectSchemaInStep(scratch.path('prisma'))).rejects.toThrow(expected);
  });

  it('need every table when the database is empty', async () => {
    await using scratch = await openScratch();
    await using database = await openTestDatabase();
    await writePrismaFolder(scratch.path('prisma'), TABLE);
    expect(await diffSchema(database.url, scratch.path('prisma/schema.prisma'))).toMatch(
      /CREATE TABLE "song"/,
    );
  });
});

async function diagnoseHistory(url: string, baseDir: string) {
  const migrations = await readMigrations(baseDir);
  await using opened = await openSchemaEngine(url);
  return await opened.engine.diagnoseMigrationHistory({
    optInToShadowDatabase: false,
    filters: { externalTables: [], externalEnums: [] },
    migrationsList: {
      baseDir,
      lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
      shadowDbInitScript: '',
      migrationDirectories: migrations.map(({ name, sql }) => ({
        path: name,
        migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
      })),
    },
  });
}

describe('the history that migrate writes', () => {
  it("is complete in the eyes of Prisma's own engine", async () => {
    await using scratch = await openScratch();
    await using database = await openTestDatabase();
    await writePrismaFolder(scratch.path('prisma'), TABLE);
    await migrate(database.url, scratch.path('prisma/migrations'));
    expect(await diagnoseHistory(database.url, scratch.path('prisma/migrations'))).toEqual({
      failedMigrationNames: [],
      editedMigrationNames: [],
      hasMigrationsTable: true,
      history: null,
    });
  });
});
