import type { Transaction } from '../database.ts';

/** Says of the file that a track was imported from what was left out of it; of other tracks nothing. */
export async function noteWarnings(
  tx: Transaction,
  trackId: string,
  warnings: readonly string[],
): Promise<void> {
  if (warnings.length === 0) return;
  await tx.$executeRaw`
    UPDATE import_file SET warnings = ARRAY(
      SELECT DISTINCT unnest(warnings || ${[...warnings]}::text[]) ORDER BY 1)
    WHERE track_id = ${trackId}`;
}
