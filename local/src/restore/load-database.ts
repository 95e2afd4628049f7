import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';

import { type Client, escapeIdentifier } from 'pg';
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams';

import { ArchiveError, type DatabaseShape, type Manifest } from '../backup/manifest.ts';

const decompress = promisify(zstdDecompress);

const KEYS = `
  SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0`;
const TRIGGERED = `
  SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE NOT tgisinternal AND c.relnamespace = 'public'::regnamespace`;
const PARTITIONS = `
  SELECT inhrelid::regclass::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`;
type Dumped = Manifest['databases'][string];

/**
 * Fills a database whose tables are made, in one transaction: without triggers, which would do once more what they have
 * done, and without foreign keys, which are made again at its end and so hold for all that was copied.
 */
export class DatabaseLoad {
  readonly #client: Client;
  readonly #dumped: Dumped;
  readonly #loaded = new Map<string, number>();
  #restore: string[] = [];
  #table: string | undefined;
  #copy: CopyStreamQuery | undefined;

  private constructor(client: Client, dumped: Dumped) {
    this.#client = client;
    this.#dumped = dumped;
  }

  static async begin(client: Client, dumped: Dumped): Promise<DatabaseLoad> {
    await client.query('BEGIN');
    await makePartitions(client, dumped.shape);
    const load = new DatabaseLoad(client, dumped);
    await load.#clear();
    return load;
  }

  /** Takes a piece of a table; its pieces follow one another. */
  async take(table: string, compressed: Buffer): Promise<void> {
    if (table !== this.#table) {
      await this.#endTable();
      this.#beginTable(table);
    }
    const copy = this.#copy;
    if (!copy) throw new Error('no table has begun');
    const piece = await decompress(compressed);
    await new Promise<void>((resolve, reject) => {
      copy.once('error', reject);
      copy.write(piece, (err) => {
        copy.off('error', reject);
        if (err) reject(err);
        else resolve();
      });
    });
  }

  /** Commits, where all rows are there. */
  async finish(): Promise<void> {
    await this.#endTable();
    for (const { name } of this.#dumped.shape.tables) {
      const [wanted, found] = [this.#dumped.rows[name] ?? 0, this.#loaded.get(name) ?? 0];
      if (wanted !== found)
        throw new ArchiveError(`${found} of ${wanted} rows of ${name} were in the archive`);
    }
    for (const { name, last, isCalled } of this.#dumped.shape.sequences) {
      await this.#client.query('SELECT setval($1::regclass, $2, $3)', [
        escapeIdentifier(name),
        last,
        isCalled,
      ]);
    }
    for (const statement of this.#restore) await this.#client.query(statement);
    await this.#client.query('COMMIT');
  }

  async #clear(): Promise<void> {
    const client = this.#client;
    const { rows: keys } = await client.query<{ table: string; name: string; definition: string }>(KEYS);
    const { rows: triggered } = await client.query<{ name: string }>(TRIGGERED);
    for (const { table, name, definition } of keys) {
      const key = escapeIdentifier(name);
      await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${key}`);
      this.#restore.push(`ALTER TABLE ${table} ADD CONSTRAINT ${key} ${definition}`);
    }
    for (const { name } of triggered) {
      await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
      this.#restore.push(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
    }
    // what migrations have put in is among what was copied
    const tables = this.#dumped.shape.tables.map(({ name }) => escapeIdentifier(name));
    await client.query(`TRUNCATE ${tables.join()}`);
  }

  #beginTable(name: string): void {
    const columns = this.#dumped.shape.tables.find((table) => table.name === name)?.columns;
    if (!columns) throw new ArchiveError(`the archive has rows of an unknown table ${name}`);
    const list = columns.map((column) => escapeIdentifier(column)).join();
    this.#table = name;
    this.#copy = this.#client.query(copyFrom(`COPY ${escapeIdentifier(name)} (${list}) FROM STDIN`));
  }

  async #endTable(): Promise<void> {
    const [name, copy] = [this.#table, this.#copy];
    [this.#table, this.#copy] = [undefined, undefined];
    if (name === undefined || !copy) return;
    await new Promise<void>((resolve, reject) => {
      copy.once('finish', resolve).once('error', reject);
      copy.end();
    });
    this.#loaded.set(name, copy.rowCount);
  }
}

/** Those that the services had made by then, and no others. */
async function makePartitions(client: Client, { partitions }: DatabaseShape): Promise<void> {
  const { rows } = await client.query<{ name: string }>(PARTITIONS);
  const wanted = new Set(partitions.map(({ name }) => name));
  const there = new Set(rows.map(({ name }) => name));
  for (const name of there) if (!wanted.has(name)) await client.query(`DROP TABLE ${name}`);
  for (const { name, parent, bound } of partitions) {
    if (there.has(name)) continue;
    await client.query(
      `CREATE TABLE ${escapeIdentifier(name)} PARTITION OF ${escapeIdentifier(parent)} ${bound}`,
    );
  }
}
