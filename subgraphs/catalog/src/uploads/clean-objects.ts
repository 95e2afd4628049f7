import type { Deps } from '../context.ts';
import { keepOnlyTry, removeTry } from '../domain/job-folder.ts';
import { readId } from '../domain/read-id.ts';

/** What is younger may be on its way: an object is written before the row that names it is complete. */
const MIN_AGE_MS = 24 * 60 * 60 * 1000;
/** Tries that ended longer ago were looked at by an earlier round. */
const LOOK_BACK_HOURS = 48;
const BATCH = 500;
const ALIVE = ['PENDING', 'FETCHING', 'COMPLETED'] as const;

type Table = 'track' | 'upload';
type Cleaning = Pick<Deps, 'db' | 'objects'>;

/**
 * Removes what lies in the object storage and belongs to nothing: files without a row, and what tries have left that
 * were lost. Goes through the folders page by page, and asks of each page once. Safe to run beside anything, and twice.
 */
export async function cleanObjects(deps: Cleaning, stop?: AbortSignal, now = Date.now()): Promise<void> {
  const oldest = now - MIN_AGE_MS;
  const pages = (folder: string, run: (names: readonly string[]) => Promise<void>) =>
    eachPage(deps.objects, folder, stop, run);
  const clean = (folder: string, table: Table) =>
    pages(folder, (names) => cleanFolders(deps, folder, table, oldest, names));
  await cleanMultiparts(deps, oldest);
  await clean('tracks/', 'track');
  await clean('clips/', 'upload');
  await clean('covers/', 'upload');
  await pages('uploads/', async (owners) => {
    for (const owner of owners) await clean(`uploads/${owner}/`, 'upload');
  });
  await cleanTries(deps, oldest);
}

/** Removes the folders of one kind of thing that are old and have no row. */
async function cleanFolders(
  deps: Cleaning,
  folder: string,
  table: Table,
  oldest: number,
  names: readonly string[],
): Promise<void> {
  const type = table === 'track' ? 'Track' : 'Upload';
  const ids = names.filter((name) => readId(type, name) !== null && bornAt(name) < oldest);
  if (ids.length === 0) return;
  const found = await existing(deps, table, ids);
  for (const id of ids) if (!found.has(id)) await removeUnnamed(deps, `${folder}${id}/`);
}

/** Removes what is in a folder but for originals: those of a changed file lie in another folder than their upload's. */
async function removeUnnamed({ db, objects }: Cleaning, folder: string): Promise<void> {
  const keys = await objects.list(folder);
  const named = await db.upload.findMany({
    where: { objectKey: { in: keys }, status: { in: [...ALIVE] } },
    select: { objectKey: true },
  });
  const kept = new Set(named.map(({ objectKey }) => objectKey));
  const rest = keys.filter((key) => !kept.has(key));
  if (rest.length > 0) await objects.delete(rest);
}

async function eachPage(
  objects: Deps['objects'],
  folder: string,
  stop: AbortSignal | undefined,
  run: (names: readonly string[]) => Promise<void>,
): Promise<void> {
  for (let after: string | undefined; ;) {
    if (stop?.aborted) return;
    const names: string[] = await objects.listFolders(folder, after);
    if (names.length === 0) return;
    await run(names);
    after = names.at(-1);
  }
}

/** Uploads that are over keep their row for a while, but no objects. */
async function existing({ db }: Cleaning, table: Table, ids: string[]): Promise<Set<string>> {
  const where = { id: { in: ids } };
  const rows =
    table === 'track'
      ? await db.track.findMany({ where, select: { id: true } })
      : await db.upload.findMany({
          where: { ...where, status: { in: [...ALIVE] } },
          select: { id: true },
        });
  return new Set(rows.map(({ id }) => id));
}

/** Aborts what was begun in parts and is no open upload's any more. */
async function cleanMultiparts({ db, objects }: Cleaning, oldest: number): Promise<void> {
  const open = await objects.listMultiparts('');
  const old = open.filter(({ startedAt }) => startedAt.getTime() < oldest);
  for (let at = 0; at < old.length; at += BATCH) {
    const batch = old.slice(at, at + BATCH);
    // oxlint-disable no-await-in-loop -- as above
    const rows = await db.upload.findMany({
      where: { multipartId: { in: batch.map(({ uploadId }) => uploadId) }, status: 'PENDING' },
      select: { multipartId: true },
    });
    const wanted = new Set(rows.map(({ multipartId }) => multipartId));
    for (const { key, uploadId } of batch) {
      if (!wanted.has(uploadId)) await objects.abortMultipart(key, uploadId);
    }
    // oxlint-enable no-await-in-loop
  }
}

/** Removes what lost tries of ended jobs have written late, after they were given up. */
async function cleanTries({ db, objects }: Cleaning, oldest: number): Promise<void> {
  const since = new Date(oldest - LOOK_BACK_HOURS * 60 * 60 * 1000);
  for (let after = ''; ;) {
    // oxlint-disable no-await-in-loop -- as above
    const jobs = await db.job.findMany({
      where: {
        id: { gt: after },
        kind: { not: 'analyze' },
        updatedAt: { gte: since, lt: new Date(oldest) },
        OR: [{ state: 'FAILED' }, { state: 'SUCCEEDED', attempt: { gt: 1 } }],
      },
      orderBy: { id: 'asc' },
      take: BATCH,
    });
    for (const job of jobs) {
      if (job.state === 'SUCCEEDED') await keepOnlyTry(objects, job);
      else
        for (let attempt = 1; attempt <= job.attempt; attempt++)
          await removeTry(objects, { ...job, attempt });
    }
    // oxlint-enable no-await-in-loop
    const last = jobs.at(-1);
    if (!last || jobs.length < BATCH) return;
    after = last.id;
  }
}

/** Ids begin with the milliseconds of their making (UUID v7). */
function bornAt(id: string): number {
  return Number.parseInt(id.slice(id.indexOf('_') + 1, id.indexOf('_') + 13), 16);
}
