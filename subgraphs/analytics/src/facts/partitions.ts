import type { Pool, PoolClient } from 'pg';

/** Tables of facts, one partition a day (UTC). */
export const FACT_TABLES = [
  'play_event',
  'listening',
  'search_event',
  'search_click',
  'operation_event',
] as const;

export const DAY_MS = 24 * 3_600_000;
/** Days that have partitions before they come: events never wait for one to be made. */
const AHEAD_DAYS = 7;
/** Whoever makes or drops partitions holds it. */
const LOCK = 0x70_61_72_74;

/** Which days the tables of facts have. */
export class Partitions {
  readonly #pool: Pool;
  readonly #retentionDays: number;
  readonly #known = new Set<number>();

  constructor(pool: Pool, retentionDays: number) {
    this.#pool = pool;
    this.#retentionDays = retentionDays;
  }

  /** False for what is older than anything that is kept, or further ahead than any clock may be. */
  takes(at: Date): boolean {
    const day = dayOf(at.getTime());
    return day >= this.#oldest() && day <= dayOf(Date.now()) + AHEAD_DAYS;
  }

  /** Makes what is missing for facts of these times. */
  async ensure(times: Iterable<Date>): Promise<void> {
    const missing = new Set<number>();
    for (const time of times) {
      const day = dayOf(time.getTime());
      if (!this.#known.has(day)) missing.add(day);
    }
    if (missing.size === 0) return;
    await this.#locked(async (client) => {
      for (const day of missing) {
        // oxlint-disable-next-line no-await-in-loop -- one connection
        for (const table of FACT_TABLES) await client.query(createSql(table, day));
      }
    });
    for (const day of missing) this.#known.add(day);
  }

  /** Makes the days to come and drops those that are no longer kept. Gives how many tables went. */
  async maintain(): Promise<number> {
    const today = dayOf(Date.now());
    await this.ensure(Array.from({ length: AHEAD_DAYS + 1 }, (_, ahead) => dateOf(today + ahead)));
    const oldest = this.#oldest();
    const { rows } = await this.#pool.query<{ name: string }>(
      `SELECT relid::regclass::text AS name FROM unnest($1::text[]) AS parent, pg_partition_tree(parent::regclass)
       WHERE isleaf AND level = 1`,
      [FACT_TABLES],
    );
    const old = rows.filter(({ name }) => dayOfPartition(name) < oldest);
    if (old.length > 0) {
      await this.#locked(async (client) => {
        // oxlint-disable-next-line no-await-in-loop
        for (const { name } of old) await client.query(`DROP TABLE IF EXISTS ${name}`);
      });
    }
    for (const day of this.#known) if (day < oldest) this.#known.delete(day);
    return old.length;
  }

  #oldest(): number {
    return dayOf(Date.now()) - this.#retentionDays;
  }

  async #locked(run: (client: PoolClient) => Promise<void>): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      await run(client);
      await client.query('COMMIT');
    } catch (err) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw err;
    } finally {
      client.release();
    }
  }
}

/** Days since 1970. */
const dayOf = (ms: number) => Math.floor(ms / DAY_MS);
const dateOf = (day: number) => new Date(day * DAY_MS);
const isoDay = (day: number) => dateOf(day).toISOString().slice(0, 10);

function createSql(table: string, day: number): string {
  const name = `${table}_${isoDay(day).replaceAll('-', '')}`;
  return `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${table}
    FOR VALUES FROM ('${isoDay(day)}T00:00:00Z') TO ('${isoDay(day + 1)}T00:00:00Z')`;
}

/** `play_event_20261121` is of the day that its name says. */
function dayOfPartition(name: string): number {
  const [, year = '', month = '', date = ''] = /_(\d{4})(\d{2})(\d{2})$/.exec(name) ?? [];
  return year === '' ? Infinity : dayOf(Date.UTC(Number(year), Number(month) - 1, Number(date)));
}
