import { logger } from '@volna/platform/log';
import type { Pool } from 'pg';

import type { Alert, TellAlert } from './alerts.ts';
import { type Check, CHECKS } from './checks.ts';

/** What a check found last. */
export interface CheckState {
  readonly name: string;
  readonly isMet: boolean;
  readonly value: number | null;
  readonly message: string;
  readonly checkedAt: Date;
  /** Since when it has been so. */
  readonly since: Date;
}

const STATE = `name, is_met AS "isMet", value, message, checked_at AS "checkedAt", changed_at AS since`;

/** What changed has to be told; what was met from the first time on has not. */
const NOTE = `INSERT INTO check_state AS c (name, is_met, value, message, checked_at, changed_at, told)
  VALUES ($1, $2, $3, $4, now(), now(), $2)
  ON CONFLICT (name) DO UPDATE SET is_met = $2, value = $3, message = $4, checked_at = now(),
    changed_at = CASE WHEN c.is_met = $2 THEN c.changed_at ELSE now() END, told = c.told AND c.is_met = $2`;

export async function listChecks(pool: Pool): Promise<CheckState[]> {
  const { rows } = await pool.query<CheckState>(`SELECT ${STATE} FROM check_state ORDER BY is_met, name`);
  return rows;
}

/** Runs every check, keeps what it found, and tells what has changed; what could not be told is told the next time. */
export async function runChecks(
  pool: Pool,
  tell: TellAlert | null,
  checks: readonly Check[] = CHECKS,
): Promise<void> {
  for (const check of checks) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: nobody waits for them
    await runCheck(pool, check);
  }
  await tellChanges(pool, tell);
}

async function runCheck(pool: Pool, { name, sql, failure }: Check): Promise<void> {
  const { met, value, message } = await pool
    .query<{ met: boolean | null; value: string | number | null }>(sql)
    .then(
      ({ rows: [row] }) => {
        const isMet = row?.met ?? true;
        return { met: isMet, value: row?.value ?? null, message: isMet ? 'as it should be' : failure };
      },
      (err: unknown) => {
        logger.error({ err, check: name }, 'check failed');
        return { met: false, value: null, message: 'could not be checked' };
      },
    );
  await pool.query(NOTE, [name, met, value, message]);
}

async function tellChanges(pool: Pool, tell: TellAlert | null): Promise<void> {
  const { rows } = await pool.query<CheckState>(
    `SELECT ${STATE} FROM check_state WHERE NOT told ORDER BY name`,
  );
  if (rows.length === 0) return;
  for (const { name, isMet, message } of rows) {
    logger[isMet ? 'info' : 'error'](
      { check: name, message },
      isMet ? 'check is met again' : 'check is not met',
    );
  }
  if (tell) await tell(rows.map(toAlert));
  await pool.query(
    'UPDATE check_state c SET told = true FROM unnest($1::text[], $2::bool[]) AS t(name, is_met) WHERE c.name = t.name AND c.is_met = t.is_met',
    [rows.map(({ name }) => name), rows.map(({ isMet }) => isMet)],
  );
}

function toAlert({ name, isMet, value, message, since }: CheckState): Alert {
  return { check: name, state: isMet ? 'RESOLVED' : 'FAILING', value, message, since: since.toISOString() };
}
