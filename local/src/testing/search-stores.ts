import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { withClient } from '@volna/platform/database';

/** A place where a word was found. */
export interface Find {
  readonly word: string;
  readonly where: string;
}

/** Every row of every table of a database that says one of these words. */
export async function searchDatabase(url: string, words: readonly string[]): Promise<Find[]> {
  return withClient(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    const finds: Find[] = [];
    for (const { name } of tables) {
      for (const word of words) {
        const { rows } = await client.query<{ row: string }>(
          `SELECT t::text AS row FROM ${name} t WHERE strpos(lower(t::text), lower($1)) > 0`,
          [word],
        );
        finds.push(...rows.map(({ row }) => ({ word, where: `${name}: ${row.slice(0, 200)}` })));
      }
    }
    return finds;
  });
}

/** Every file below a folder that says one of these words, in its bytes or in its path. */
export async function searchFiles(directory: string, words: readonly string[]): Promise<Find[]> {
  const finds: Find[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(directory, path);
    if (!entry.isFile()) continue;
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    for (const word of words) {
      const at = bytes.indexOf(word);
      const around = at < 0 ? '' : bytes.subarray(Math.max(0, at - 150), at + 150).toString('latin1');
      if (name.includes(word) || at >= 0) finds.push({ word, where: `${name}: ${around}` });
    }
  }
  return finds;
}
