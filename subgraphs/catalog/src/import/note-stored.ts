import { FileTags, type importStored, newId, UploadId } from '@volna/events';
import type { z } from 'zod';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { cleanFilename, keyName } from '../domain/file-name.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { ImportFile } from '../models.ts';
import { lockStorage, readStorage, roomLeft } from '../uploads/storage.ts';
import { type Counts, type HeldRun, withRun } from './hold-run.ts';
import { importTrack, renewTrack } from './import-track.ts';

type Question = z.output<(typeof importStored)['question']>;
type Answer = z.output<(typeof importStored)['answer']>;
type Stored = Question['results'][number];

const WAIT_MS = 500;

/** Makes tracks of the files that a worker has stored, each by itself; gives the next ones to store. */
export async function noteStored(deps: Deps, { results, want, ...of }: Question): Promise<Answer> {
  const { maxBytes } = deps.policy;
  for (const stored of results) {
    // oxlint-disable-next-line no-await-in-loop -- each is a transaction of its own, and holds the same run
    const done = await withRun(deps, of, (tx, run) => takeIn(deps, tx, run, stored));
    if (done === null) return { goOn: false, files: [], waitMs: 0, maxBytes };
    // what nobody refers to any more
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (done.length > 0) await deps.objects.delete(done);
  }
  const next = await withRun(deps, of, (tx, run) => nextToStore(deps, tx, run, want));
  return { goOn: next !== null, files: next?.files ?? [], waitMs: next?.waitMs ?? 0, maxBytes };
}

interface Taken {
  readonly counts: Counts;
  /** Keys of objects that nobody refers to now. */
  readonly result: string[];
}

async function takeIn(deps: Deps, tx: Transaction, run: HeldRun, stored: Stored): Promise<Taken> {
  const { source } = run;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`imports of ${source.ownerId}`}))`;
  const of = { sourceId: source.id, path: stored.path };
  const file = await tx.importFile.findUnique({ where: { sourceId_path: of } });
  // said twice, or of a file that has changed since
  if (!file || file.state !== 'READ' || file.uploadId !== stored.uploadId) return { counts: {}, result: [] };
  const settle = (data: Prisma.ImportFileUncheckedUpdateInput) =>
    tx.importFile.update({ where: { sourceId_path: of }, data });

  const key = keyOf(source.ownerId, stored.uploadId, file.path);
  const { error, sha256 } = stored;
  if (error || !sha256) {
    const { code, message } = error ?? { code: 'UNREADABLE', message: 'the file could not be read' };
    await settle({ state: 'FAILED', errorCode: code, errorMessage: message });
    return { counts: { failed: 1 }, result: [key] };
  }
  const track = file.trackId ? await tx.track.findUnique({ where: { id: file.trackId } }) : null;
  if (track && track.contentHash === sha256) {
    await settle({ state: 'IMPORTED', contentHash: sha256 });
    return { counts: {}, result: [key] };
  }
  const same = await findSame(tx, run, file, sha256);
  if (same) {
    const isMoved = same.movedFrom !== null;
    if (same.movedFrom !== null)
      await tx.importFile.delete({ where: { sourceId_path: { sourceId: source.id, path: same.movedFrom } } });
    await settle({ state: isMoved ? 'IMPORTED' : 'COPY', contentHash: sha256, trackId: same.trackId });
    // this run has counted it as gone
    const found = same.isGoneNow ? { missing: -1 } : {};
    return { counts: isMoved ? { moved: 1, ...found } : { copies: 1 }, result: [key] };
  }
  const tags = FileTags.parse(file.tags);
  const { sizeBytes, uploadId } = stored;
  const whole = { path: file.path, tags, uploadId, objectKey: key, sizeBytes, sha256 };
  // a page that was given to somebody else took its tracks along: those are not the library's any more
  const isOwn = track?.ownerId === source.ownerId && (await isOfFileAlone(tx, file));
  const kept = track && isOwn ? await tx.upload.findUnique({ where: { trackId: track.id } }) : null;
  if (!(await hasRoom(deps, tx, source.ownerId, sizeBytes - Number(kept?.sizeBytes ?? 0)))) {
    const message = `the files of whoever imports may take ${deps.policy.quotaBytes} bytes`;
    await settle({ state: 'FAILED', errorCode: 'QUOTA_EXCEEDED', errorMessage: message });
    return { counts: { failed: 1 }, result: [key] };
  }
  const replaced = track && isOwn ? await renewTrack(deps, tx, source, track, whole) : null;
  const trackId = replaced === null ? await importTrack(deps, tx, source, whole) : file.trackId;
  await settle({ state: 'IMPORTED', contentHash: sha256, trackId });
  return { counts: { imported: 1 }, result: replaced === null ? [] : [replaced] };
}

/** Whether so many more bytes may be kept. The caller's transaction takes them. */
async function hasRoom({ policy }: Deps, tx: Transaction, ownerId: string, bytes: number): Promise<boolean> {
  if (policy.quotaBytes === null) return true;
  await lockStorage(tx, ownerId);
  const [use] = await readStorage(tx, [ownerId]);
  return use !== undefined && bytes <= roomLeft(policy, use);
}

/** Copies point to another file's track: a change of one is no change of that. */
async function isOfFileAlone(tx: Transaction, { trackId, sourceId, path }: ImportFile): Promise<boolean> {
  return (await tx.importFile.count({ where: { trackId, NOT: { sourceId, path } } })) === 0;
}

/** A track with the same bytes; where the file that it came from is there no more, that file has moved here. */
async function findSame(tx: Transaction, run: HeldRun, file: ImportFile, sha256: string) {
  const known = await tx.importFile.findMany({
    where: { sourceId: run.sourceId, contentHash: sha256, trackId: { not: null }, NOT: { path: file.path } },
    orderBy: { path: 'asc' },
    take: 20,
  });
  const gone = known.find(({ missingRunId }) => missingRunId !== null);
  const [first] = known;
  if (gone?.trackId) {
    return { trackId: gone.trackId, movedFrom: gone.path, isGoneNow: gone.missingRunId === run.id };
  }
  if (first?.trackId) return { trackId: first.trackId, movedFrom: null, isGoneNow: false };
  const uploaded = await tx.track.findFirst({
    where: { contentHash: sha256, ownerId: run.source.ownerId },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  return uploaded && { trackId: uploaded.id, movedFrom: null, isGoneNow: false };
}

async function nextToStore(deps: Deps, tx: Transaction, run: HeldRun, want: number) {
  const [{ busy } = { busy: 0 }] = await tx.$queryRaw<{ busy: number }[]>`
    SELECT count(*)::int AS busy FROM (
      SELECT FROM track WHERE status = 'PROCESSING' LIMIT ${deps.imports.maxProcessing}) t`;
  const room = Math.min(want, deps.imports.maxProcessing - busy);
  const files = await tx.importFile.findMany({
    where: { sourceId: run.sourceId, state: 'READ', seenRunId: run.id },
    orderBy: { path: 'asc' },
    take: Math.max(1, room),
  });
  if (files.length === 0) return { state: 'PROCESSING' as const, result: { files: [], waitMs: 0 } };
  if (room <= 0) return { result: { files: [], waitMs: WAIT_MS } };
  const handed = [];
  for (const { path, version, uploadId } of files) {
    const id = UploadId.parse(uploadId ?? newId('Upload'));
    if (!uploadId)
      // oxlint-disable-next-line no-await-in-loop -- one connection
      await tx.importFile.update({
        where: { sourceId_path: { sourceId: run.sourceId, path } },
        data: { uploadId: id },
      });
    handed.push({ path, version, uploadId: id, objectKey: keyOf(run.source.ownerId, id, path) });
  }
  return { result: { files: handed, waitMs: 0 } };
}

/** Where the original of an import goes: as that of any upload. */
function keyOf(ownerId: string, uploadId: string, path: string): string {
  return `uploads/${ownerId}/${uploadId}/${keyName(cleanFilename(path))}`;
}
