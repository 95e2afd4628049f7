import type { FileTags, importRead } from '@volna/events';
import type { z } from 'zod';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { type HeldRun, withRun } from './hold-run.ts';

type Question = z.output<(typeof importRead)['question']>;
type Answer = z.output<(typeof importRead)['answer']>;
type Tags = z.output<typeof FileTags>;

/** Enters what files say of themselves; gives the next ones to read, or none once that is done. */
export async function noteRead(deps: Deps, { results, want, ...of }: Question): Promise<Answer> {
  const files = await withRun(deps, of, async (tx, run) => {
    const counts = await enter(tx, run, results);
    const next = await nextToRead(tx, run, want);
    return {
      ...(next.length === 0 ? { state: 'STORING' as const } : {}),
      counts,
      result: next,
    };
  });
  return { goOn: files !== null, files: files ?? [] };
}

async function enter(tx: Transaction, { sourceId }: HeldRun, results: Question['results']) {
  if (results.length === 0) return {};
  const rows = results.map(({ path, version, tags, warnings, error }) => ({
    path,
    version,
    tags,
    missing: missingOf(tags),
    warnings,
    code: error?.code ?? null,
    message: error?.message ?? null,
  }));
  const entered = await tx.$queryRaw<{ failed: boolean }[]>`
    UPDATE import_file f SET tags = g.tags, missing_tags = g.missing, warnings = g.warnings,
      state = CASE WHEN g.code IS NULL THEN 'READ'::import_file_state ELSE 'FAILED' END,
      error_code = g.code, error_message = g.message
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS g (path text, version text, tags jsonb, missing text[], warnings text[], code text, message text)
    WHERE f.source_id = ${sourceId} AND f.path = g.path AND f.version = g.version AND f.state = 'FOUND'
    RETURNING f.state = 'FAILED' AS failed`;
  const failed = entered.filter((row) => row.failed).length;
  return { read: entered.length - failed, failed };
}

/** Those that were seen, in the order of their paths: what is gone again is not read. */
async function nextToRead(tx: Transaction, { id, sourceId }: HeldRun, want: number) {
  return tx.importFile.findMany({
    where: { sourceId, state: 'FOUND', seenRunId: id },
    select: { path: true, version: true },
    orderBy: { path: 'asc' },
    take: want,
  });
}

const WANTED = {
  TITLE: ({ title }) => title,
  ARTIST: ({ artist }) => artist,
  ALBUM: ({ album }) => album,
  YEAR: ({ year }) => year,
  NUMBER: ({ trackNumber }) => trackNumber,
} as const satisfies Record<string, (tags: Tags) => string | number | undefined>;

function missingOf(tags: Tags): string[] {
  return Object.entries(WANTED).flatMap(([name, of]) => (of(tags) === undefined ? [name] : []));
}
