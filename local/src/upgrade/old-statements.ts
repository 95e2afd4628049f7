import { type Client, escapeIdentifier } from 'pg';

/** What a process of the earlier release does with one table, by the columns that it knows. */
export interface OldStatements {
  readonly table: string;
  readonly insert: string;
  readonly update: string;
  readonly select: string;
}

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly label: string | null;
  readonly isRequired: boolean;
  readonly isGenerated: boolean;
}

const COLUMNS = `
  SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type,
    (SELECT enumlabel FROM pg_enum WHERE enumtypid = a.atttypid ORDER BY enumsortorder LIMIT 1) AS label,
    a.attnotnull AND NOT a.atthasdef AS "isRequired", a.attgenerated <> '' AS "isGenerated"
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname <> '_prisma_migrations' ORDER BY c.relname, a.attnum`;
/** One value of each type; texts differ from row to row. */
const VALUES: Readonly<Record<string, string>> = {
  text: 'gen_random_uuid()::text',
  'character varying': 'gen_random_uuid()::text',
  integer: '(random() * 1e9)::int',
  bigint: '(random() * 1e15)::bigint',
  smallint: '1',
  real: '0.5',
  'double precision': '0.5',
  boolean: 'false',
  date: 'CURRENT_DATE',
  'timestamp with time zone': 'now()',
  jsonb: `'{}'`,
  bytea: `decode(md5(random()::text), 'hex')`,
  uuid: 'gen_random_uuid()',
};

/** Statements for each table that takes a row which points to nothing. */
export async function readOldStatements(client: Client): Promise<OldStatements[]> {
  const { rows } = await client.query<Column>(COLUMNS);
  const found: OldStatements[] = [];
  for (const [table, columns] of Map.groupBy(rows, (column) => column.table)) {
    const statements = write(table, columns);
    if (await isGood(client, statements.insert)) found.push(statements);
  }
  return found;
}

function write(table: string, columns: readonly Column[]): OldStatements {
  const given = columns.filter((column) => column.isRequired && !column.isGenerated);
  const name = escapeIdentifier(table);
  const list = (of: readonly Column[]) => of.map((column) => escapeIdentifier(column.name)).join();
  const [first] = columns.filter((column) => !column.isGenerated);
  const changed = escapeIdentifier(first?.name ?? '');
  return {
    table,
    insert: given.length
      ? `INSERT INTO ${name} (${list(given)}) VALUES (${given.map(valueOf).join()})`
      : `INSERT INTO ${name} DEFAULT VALUES`,
    update: `UPDATE ${name} SET ${changed} = ${changed}`,
    select: `SELECT ${list(columns)} FROM ${name} LIMIT 10`,
  };
}

function valueOf({ type, label }: Column): string {
  if (label !== null) return `'${label}'`;
  return type.endsWith('[]') ? `'{}'` : (VALUES[type] ?? 'NULL');
}

async function isGood(client: Client, insert: string): Promise<boolean> {
  await client.query('BEGIN');
  const isTaken = await client.query(insert).then(
    () => true,
    () => false,
  );
  await client.query('ROLLBACK');
  return isTaken;
}
