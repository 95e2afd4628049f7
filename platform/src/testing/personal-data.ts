import { withClient } from '../database.ts';
import type { PersonalData } from '../personal-data.ts';
import { openTestDatabase } from './database.ts';

/** Columns that say whom a row is about. */
const PERSONAL_COLUMNS = ['user_id', 'owner_id'];

/** Fails where a folder's migrations make a table with rows of people that the personal data leaves out. */
export async function expectPersonalTables(
  prismaDirectory: string,
  { tables }: Pick<PersonalData, 'tables'>,
  others: readonly string[] = [],
): Promise<void> {
  await using database = await openTestDatabase(`${prismaDirectory}/migrations`);
  const found = await withClient(database.url, (client) =>
    client.query<{ name: string }>(
      `SELECT DISTINCT table_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name = ANY ($1)`,
      [PERSONAL_COLUMNS],
    ),
  );
  const known = new Set([...tables.map(({ table }) => table.replaceAll('"', '')), ...others]);
  const missing = found.rows.map(({ name }) => name).filter((name) => !known.has(name));
  if (missing.length > 0) throw new Error(`personal data leaves out: ${missing.join(', ')}`);
  if (found.rows.length === 0) throw new Error('no table is about people');
}
