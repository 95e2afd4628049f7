import type { FoundFile, importFound } from '@volna/events';
import type { z } from 'zod';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { type HeldRun, withRun } from './hold-run.ts';

type Question = z.output<(typeof importFound)['question']>;

/** Enters what a walk has come upon into the registry; with its last part, notes what is not there any more. */
export async function noteFound(
  deps: Deps,
  { files, skipped, isLast, ...of }: Question,
): Promise<{ goOn: boolean }> {
  const done = await withRun(deps, of, async (tx, run) => {
    const counts = await enter(tx, run, files);
    const missing = isLast ? await noteMissing(tx, run) : 0;
    return {
      ...(isLast ? { state: 'READING' as const } : {}),
      counts: { ...counts, found: files.length, skipped, missing },
      result: true,
    };
  });
  return { goOn: done ?? false };
}

/** New and changed files are to be read, as are those that only could not be; counted once a run. */
async function enter(tx: Transaction, run: HeldRun, files: readonly FoundFile[]) {
  const [counts] = await tx.$queryRaw<{ fresh: number; changed: number }[]>`
    WITH given AS (
      -- names that are no Unicode may look the same
      SELECT DISTINCT ON (path) * FROM unnest(
        ${files.map(({ path }) => path)}::text[],
        ${files.map(({ sizeBytes }) => sizeBytes)}::bigint[],
        ${files.map(({ version }) => version)}::text[]) AS g (path, size_bytes, version)
    ), before AS (
      SELECT f.path, f.version, f.state, f.error_code, f.seen_run_id FROM import_file f JOIN given g USING (path)
      WHERE f.source_id = ${run.sourceId}
    ), judged AS (
      SELECT g.*, b.path IS NULL AS is_new, b.version IS DISTINCT FROM g.version AS is_other,
        coalesce(b.state = 'FAILED' AND b.error_code IN ('UNREADABLE', 'QUOTA_EXCEEDED') AND b.seen_run_id <> ${run.id}, FALSE) AS is_retry,
        coalesce(b.state IN ('FOUND', 'READ') AND b.seen_run_id <> ${run.id}, FALSE) AS is_left
      FROM given g LEFT JOIN before b USING (path)
    ), entered AS (
      INSERT INTO import_file AS f (source_id, path, size_bytes, version, run_id, seen_run_id)
      SELECT ${run.sourceId}, path, size_bytes, version, ${run.id}, ${run.id} FROM judged WHERE is_other OR is_retry
      ON CONFLICT (source_id, path) DO UPDATE SET size_bytes = EXCLUDED.size_bytes, version = EXCLUDED.version,
        run_id = EXCLUDED.run_id, seen_run_id = EXCLUDED.seen_run_id, missing_run_id = NULL,
        state = 'FOUND', upload_id = NULL, error_code = NULL, error_message = NULL
    ), seen AS (
      UPDATE import_file f SET seen_run_id = ${run.id}, missing_run_id = NULL,
        run_id = CASE WHEN f.state IN ('FOUND', 'READ') THEN ${run.id} ELSE f.run_id END
      FROM judged j WHERE f.source_id = ${run.sourceId} AND f.path = j.path AND NOT (j.is_other OR j.is_retry)
    )
    SELECT count(*) FILTER (WHERE is_new OR NOT is_other AND (is_retry OR is_left))::int AS fresh,
      count(*) FILTER (WHERE is_other AND NOT is_new)::int AS changed FROM judged`;
  return counts ?? { fresh: 0, changed: 0 };
}

async function noteMissing(tx: Transaction, { id, sourceId }: HeldRun): Promise<number> {
  return tx.$executeRaw`
    UPDATE import_file SET missing_run_id = ${id}
    WHERE source_id = ${sourceId} AND seen_run_id <> ${id} AND missing_run_id IS NULL`;
}
