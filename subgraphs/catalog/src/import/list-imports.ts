import { ImportRunId, ImportSourceId } from '@volna/events';
import { type Connection, type PageArguments, readPage, toConnection } from '@volna/platform/pagination';
import { z } from 'zod';

import type { Context } from '../context.ts';
import { readId } from '../domain/read-id.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { ImportFile, ImportRun, ImportSource } from '../models.ts';

type Admin = Pick<Context, 'db' | 'requireAdmin'>;

/** Libraries of files, the newest first. */
export async function listImportSources(
  context: Admin,
  args: PageArguments,
): Promise<Connection<ImportSource>> {
  context.requireAdmin();
  const page = readPage<string>(args, ImportSourceId);
  const rows = await context.db.importSource.findMany({
    where: page.after ? { id: { lt: page.after } } : {},
    orderBy: { id: 'desc' },
    take: page.take,
  });
  return toConnection(rows, page, ({ id }) => id);
}

/** Runs of one library or of all, the newest first. */
export async function listImportRuns(
  context: Admin,
  { sourceId, ...args }: PageArguments & { readonly sourceId?: string | null | undefined },
): Promise<Connection<ImportRun>> {
  context.requireAdmin();
  const page = readPage<string>(args, ImportRunId);
  const rows = await context.db.importRun.findMany({
    where: { ...(sourceId ? { sourceId } : {}), ...(page.after ? { id: { lt: page.after } } : {}) },
    orderBy: { id: 'desc' },
    take: page.take,
  });
  return toConnection(rows, page, ({ id }) => id);
}

export async function findImportRun(context: Admin, rawId: string): Promise<ImportRun | null> {
  context.requireAdmin();
  const id = readId('ImportRun', rawId);
  return id ? context.db.importRun.findUnique({ where: { id } }) : null;
}

/** Below it there is nothing to hear; loudness of digital silence is not a number at all. */
const SILENT_LUFS = -60;

/** What a list of the report holds, in SQL over `import_file f` and its track `t`. */
export const REPORTED = {
  missingTags: Prisma.sql`cardinality(f.missing_tags) > 0`,
  duplicates: Prisma.sql`(f.state = 'COPY' OR EXISTS (
    SELECT FROM duplicate_proposal d WHERE d.state = 'PROPOSED' AND t.id IN (d.track_id, d.other_id)))`,
  silent: Prisma.sql`f.state = 'IMPORTED' AND t.duration_ms IS NOT NULL
    AND coalesce(t.loudness_lufs, -70) < ${SILENT_LUFS}`,
  failed: Prisma.sql`(f.state = 'FAILED' OR f.state = 'IMPORTED' AND t.status = 'FAILED')`,
} as const;

/** Files of a run that one of the lists is about, by path. */
export async function listReported(
  { db }: Admin,
  { id }: ImportRun,
  list: keyof typeof REPORTED | 'missing',
  args: PageArguments,
): Promise<Connection<ImportFile>> {
  const page = readPage<string>(args, z.string());
  const of =
    list === 'missing'
      ? Prisma.sql`f.missing_run_id = ${id}`
      : Prisma.sql`f.run_id = ${id} AND ${REPORTED[list]}`;
  const after = page.after === null ? Prisma.empty : Prisma.sql`AND f.path > ${page.after}`;
  const keys = await db.$queryRaw<{ source_id: string; path: string }[]>`
    SELECT f.source_id, f.path FROM import_file f LEFT JOIN track t ON t.id = f.track_id
    WHERE ${of} ${after} ORDER BY f.path LIMIT ${page.take}`;
  const [first] = keys;
  const rows = first
    ? await db.importFile.findMany({
        where: { sourceId: first.source_id, path: { in: keys.map(({ path }) => path) } },
        orderBy: { path: 'asc' },
      })
    : [];
  return toConnection(rows, page, ({ path }) => path);
}
