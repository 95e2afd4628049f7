import { execFile } from 'node:child_process';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { withClient } from './database.ts';
import { openScratch } from './scratch.ts';
import { openTestDatabase } from './testing/database.ts';

const PRISMA = createRequire(import.meta.url).resolve('prisma/build/index.js');
const CONFIG = `import { definePrismaConfig } from '${new URL('prisma-config.ts', import.meta.url).href}';
export default definePrismaConfig();`;
const SCHEMA = `
datasource db {
  provider = "postgresql"
}
model Song {
  id    String @id
  title String
}
`;

/** Runs a Prisma command as a contributor would, in a folder like a subgraph's. */
async function prisma(folder: string, url: string, ...args: readonly string[]): Promise<string> {
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
  const env = { ...process.env, PATH, DATABASE_URL: url };
  const { stdout } = await promisify(execFile)(process.execPath, [PRISMA, ...args], { cwd: folder, env });
  return stdout;
}

async function findShadows(url: string) {
  const sql = "SELECT datname FROM pg_database WHERE datname LIKE 'prisma_shadow_%' ORDER BY datname";
  return withClient(url, async (client) => (await client.query(sql)).rows);
}

describe('the Prisma commands without a network', () => {
  it('make migrations and compare them with the schema', async () => {
    await using scratch = await openScratch();
    await using database = await openTestDatabase();
    const folder = scratch.path('subgraph');
    await mkdir(`${folder}/prisma`, { recursive: true });
    await writeFile(`${folder}/prisma.config.ts`, CONFIG);
    await writeFile(`${folder}/prisma/schema.prisma`, SCHEMA);

    const shadows = await findShadows(database.url);

    await prisma(folder, database.url, 'migrate', 'dev', '--name', 'songs');
    await appendFile(`${folder}/prisma/schema.prisma`, 'model Singer {\n  id String @id\n}\n');
    const compare = ['migrate', 'diff', '--from-migrations', 'prisma/migrations'];
    const lacking = await prisma(
      folder,
      database.url,
      ...compare,
      '--to-schema',
      'prisma/schema.prisma',
      '--script',
    );
    expect(lacking).toMatch(/CREATE TABLE "Singer"/);
    expect(lacking).not.toMatch(/CREATE TABLE "Song"/);

    expect(await findShadows(database.url)).toEqual(shadows);
  });
});
