import type { Client } from 'pg';

/** What statements of a release rely on. */
export interface TableShape {
  /** `table.column` → type. */
  readonly columns: ReadonlyMap<string, string>;
  /** `table.column` of those that an INSERT has to name. */
  readonly required: ReadonlySet<string>;
  /** What a row has to be, by the columns that it speaks of. */
  readonly rules: ReadonlyMap<string, readonly string[]>;
  readonly functions: ReadonlySet<string>;
}

const COLUMNS = `
  SELECT c.relname || '.' || a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS required
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`;
const RULES = `
  SELECT c.relname || ': ' || pg_get_constraintdef(o.oid) AS rule, (
      SELECT array_agg(c.relname || '.' || a.attname) FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum = ANY (o.conkey)) AS columns
  FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
  WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND o.contype IN ('f', 'c', 'x')
  UNION ALL
  SELECT c.relname || ': unique ' || pg_get_indexdef(i.indexrelid), (
      SELECT array_agg(c.relname || '.' || a.attname) FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[]))
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND i.indisunique`;
const FUNCTIONS = `
  SELECT proname || '(' || pg_get_function_identity_arguments(oid) || ') → ' || pg_get_function_result(oid) AS name
  FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')`;

export async function readTableShape(client: Client): Promise<TableShape> {
  const columns = (await client.query<{ name: string; type: string; required: boolean }>(COLUMNS)).rows;
  const rules = (await client.query<{ rule: string; columns: string[] | null }>(RULES)).rows;
  const functions = (await client.query<{ name: string }>(FUNCTIONS)).rows;
  return {
    columns: new Map(columns.map(({ name, type }) => [name, type])),
    required: new Set(columns.filter(({ required }) => required).map(({ name }) => name)),
    rules: new Map(rules.map((row) => [row.rule, row.columns ?? []])),
    functions: new Set(functions.map(({ name }) => name)),
  };
}

/** What would have statements fail that were good before: nothing, while a release is replaced by the next. */
export function findBreaks(before: TableShape, after: TableShape): string[] {
  const tables = new Set([...before.columns.keys()].map(tableOf));
  const breaks: string[] = [];
  for (const [column, type] of before.columns) {
    const now = after.columns.get(column);
    if (now === undefined) breaks.push(`${column} is gone`);
    else if (now !== type) breaks.push(`${column} was ${type} and is ${now}`);
  }
  for (const column of after.required)
    if (tables.has(tableOf(column)) && !before.required.has(column))
      breaks.push(`${column} has to be given, and has no default`);
  for (const [rule, columns] of after.rules)
    if (
      !before.rules.has(rule) &&
      columns.length > 0 &&
      columns.every((column) => before.columns.has(column))
    )
      breaks.push(`what was allowed is not: ${rule}`);
  for (const name of before.functions) if (!after.functions.has(name)) breaks.push(`${name} is gone`);
  return breaks;
}

const tableOf = (column: string) => column.slice(0, column.indexOf('.'));
