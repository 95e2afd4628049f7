import { basename } from 'node:path/posix';

import { newId, trackCreated, type TrackId, trackImported, type UserId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import { keepPageOf } from '../artists/own-artist.ts';
import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { cleanFilename, titleOfFilename } from '../domain/file-name.ts';
import { type Tags, wordsOfFile } from '../domain/file-words.ts';
import { openWords } from '../domain/given-fields.ts';
import { keyOfTitle, Title } from '../domain/input.ts';
import { orderTranscode } from '../domain/order-job.ts';
import { settleOpenness } from '../domain/settle-openness.ts';
import type { ImportSource, Track } from '../models.ts';
import { findPages, type Pages } from './artist-pages.ts';

/** A file of a source that is in object storage. */
export interface StoredFile {
  readonly path: string;
  readonly tags: Tags;
  readonly uploadId: string;
  readonly objectKey: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Makes a track of a stored file and orders its processing. */
export async function importTrack(
  deps: Deps,
  tx: Transaction,
  source: ImportSource,
  file: StoredFile,
): Promise<string> {
  const { objectKey, sha256 } = file;
  const { ownerId } = source;
  const id = newId('Track');
  const filename = cleanFilename(file.path);
  const title = titleOf(file);
  const pages = await findPages(tx, source, { ...file, title });
  await keepPageOf(tx, pages.track, ownerId);
  await tx.track.create({
    data: { id, artistId: pages.track, ownerId, title, titleKey: keyOfTitle(title), contentHash: sha256 },
  });
  const upload = await tx.upload.create({
    data: {
      id: file.uploadId,
      ownerId,
      status: 'COMPLETED',
      filename,
      contentType: 'application/octet-stream',
      sizeBytes: file.sizeBytes,
      partBytes: 0,
      objectKey,
      multipartId: '',
      trackId: id,
      expiresAt: new Date(),
    },
  });
  const created = { trackId: id, artistId: pages.track, ownerId: ownerId as UserId, title, albumId: null };
  await tx.outbox.create({ data: outboxRow(trackCreated, created) });
  await stateImported(tx, { id, ownerId }, pages, file.tags);
  await orderTranscode(tx, upload, { trackId: id, maxSeconds: deps.policy.maxSeconds });
  return id;
}

/**
 * Gives a track the bytes that its file has now, and processes it anew; gives the key of the ones it had. What the file
 * says counts again, save for what somebody has corrected here.
 */
export async function renewTrack(
  deps: Deps,
  tx: Transaction,
  source: ImportSource,
  track: Track,
  file: StoredFile,
): Promise<string | null> {
  const { objectKey, sha256, sizeBytes } = file;
  const upload = await tx.upload.findUnique({ where: { trackId: track.id } });
  if (!upload) return null;
  // what the old bytes still lead to is not waited for
  await tx.job.deleteMany({ where: { trackId: track.id, state: { in: ['QUEUED', 'RUNNING'] } } });
  await tx.upload.update({ where: { id: upload.id }, data: { objectKey, sizeBytes } });
  const open = { albumTitle: null, ...openWords(track) };
  await tx.track.update({
    where: { id: track.id },
    data: {
      ...open,
      ...wordsOfFile({ ...track, ...open }, file.tags),
      status: 'PROCESSING',
      stage: 'QUEUED',
      stageAt: new Date(),
      progress: 0,
      seq: { increment: 1 },
      message: null,
      errorCode: null,
      errorMessage: null,
      contentHash: sha256,
    },
  });
  await settleOpenness(tx, [track.id]);
  const pages = await findPages(tx, source, { ...file, title: track.title });
  await stateImported(tx, track, pages, file.tags);
  await orderTranscode(
    tx,
    { id: upload.id, objectKey },
    { trackId: track.id, maxSeconds: deps.policy.maxSeconds },
  );
  return upload.objectKey;
}

function titleOf({ path, tags }: StoredFile): string {
  const said = Title.safeParse(tags.title);
  if (said.success) return said.data;
  const named = Title.safeParse(titleOfFilename(cleanFilename(basename(path))));
  return named.success ? named.data : 'Untitled';
}

/** Albums builds the album; a file that names none has none. */
async function stateImported(
  tx: Transaction,
  { id, ownerId }: Pick<Track, 'id' | 'ownerId'>,
  pages: Pages,
  tags: Tags,
): Promise<void> {
  if (!tags.album) return;
  const imported = {
    trackId: id as TrackId,
    ownerId: ownerId as UserId,
    albumArtistId: pages.album,
    album: {
      title: tags.album,
      releaseDate: tags.releaseDate ?? null,
      isCompilation: tags.isCompilation ?? false,
      label: tags.label ?? null,
      upc: tags.upc ?? null,
    },
    disc: tags.discNumber ?? 1,
    number: tags.trackNumber ?? null,
  };
  await tx.outbox.create({ data: outboxRow(trackImported, imported) });
}
