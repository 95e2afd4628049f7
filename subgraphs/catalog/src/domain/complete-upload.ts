import { AlbumId, type ArtistId, newId, trackCreated, type UserId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { outboxRow } from '@volna/platform/outbox';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { CompleteUploadInput } from '../generated/graphql.ts';
import { setGenres } from '../genres/spell-genres.ts';
import type { Track, Upload } from '../models.ts';
import { titleOfFilename } from './file-name.ts';
import { Genre, keyOfTitle, Title, Year } from './input.ts';
import { orderTranscode } from './order-job.ts';
import { readId } from './read-id.ts';
import { receiveUpload } from './receive-upload.ts';

const isAlbumId = (id: unknown) => AlbumId.safeParse(id).success;

const Part = z.object({
  partNumber: z.number().int('a part number is a whole number'),
  etag: z.string().max(200, 'an etag has at most 200 characters'),
});
const Input = z.object({
  title: Title.nullish(),
  genre: Genre.nullish(),
  year: Year.nullish(),
  isDraft: z.boolean().nullish(),
  albumId: z.custom<AlbumId>(isAlbumId, 'there is no such album').nullish(),
  parts: z.array(Part).max(10_000, 'an upload has at most 10,000 parts'),
});
type Description = Omit<z.output<typeof Input>, 'parts'>;

export interface CompletedUpload {
  readonly upload: Upload;
  readonly track: Track;
}

/** Takes an uploaded file into the catalog and orders its processing. A second call gives the same track. */
export async function completeUpload(
  deps: Deps,
  viewer: Viewer,
  raw: CompleteUploadInput,
): Promise<CompletedUpload> {
  const upload = await ownUpload(deps, viewer, raw.uploadId);
  const before = await completedOf(deps, upload);
  if (before) return before;

  const { parts, ...description } = readInput(Input, raw);
  const artistId = await ownArtist(deps, viewer, raw.artistId);
  await checkAlbum(deps, viewer, description.albumId);
  await receiveUpload(deps, upload, parts);

  const isFirst = await deps.db.$transaction((tx) => createTrack(deps, tx, upload, artistId, description));
  if (isFirst) deps.wake();
  const completed = await completedOf(
    deps,
    await deps.db.upload.findUniqueOrThrow({ where: { id: upload.id } }),
  );
  if (!completed) throw noUpload();
  return completed;
}

/** True for the one call that makes the track. */
async function createTrack(
  deps: Deps,
  tx: Transaction,
  upload: Upload,
  artistId: ArtistId,
  { title, genre, year, albumId, isDraft }: Description,
): Promise<boolean> {
  const id = newId('Track');
  const { count } = await tx.upload.updateMany({
    where: { id: upload.id, status: 'PENDING' },
    data: { status: 'COMPLETED', trackId: id },
  });
  if (count === 0) return false;

  const ownerId = upload.ownerId as UserId;
  const name = title ?? titleOfFilename(upload.filename);
  await tx.track.create({
    data: {
      id,
      artistId,
      ownerId,
      title: name,
      titleKey: keyOfTitle(name),
      titleGiven: Boolean(title),
      year: year ?? null,
      isDraft: isDraft ?? false,
    },
  });
  if (genre) await setGenres(tx, id, 'USER', [{ name: genre, confidence: 1 }]);
  const created = { trackId: id, artistId, ownerId, title: name, albumId: albumId ?? null };
  await tx.outbox.create({ data: outboxRow(trackCreated, created) });
  await orderTranscode(tx, upload, { trackId: id, maxSeconds: deps.policy.maxSeconds });
  return true;
}

async function completedOf({ db }: Deps, upload: Upload): Promise<CompletedUpload | null> {
  if (upload.status !== 'COMPLETED') return null;
  const track = upload.trackId ? await db.track.findUnique({ where: { id: upload.trackId } }) : null;
  // a deleted track, or a clip that an audio search has taken
  if (!track) throw noUpload();
  return { upload, track };
}

async function ownUpload({ db }: Deps, viewer: Viewer, raw: string): Promise<Upload> {
  const id = readId('Upload', raw);
  const upload = id && (await db.upload.findFirst({ where: { id, ownerId: viewer.userId } }));
  if (!upload) throw noUpload();
  return upload;
}

async function ownArtist({ db }: Deps, viewer: Viewer, raw: string): Promise<ArtistId> {
  const id = readId('Artist', raw);
  const artist = id && (await db.artist.findUnique({ where: { id } }));
  if (!artist) throw new UserError('NOT_FOUND', 'there is no such artist', ['artistId']);
  if (artist.ownerId !== viewer.userId) {
    throw new UserError('FORBIDDEN', 'the artist page is not yours', ['artistId']);
  }
  return id as ArtistId;
}

/** Refuses an album that is known to be another's; albums has the last word on the others. */
async function checkAlbum({ db }: Deps, viewer: Viewer, id: AlbumId | null | undefined): Promise<void> {
  const album = id && (await db.albumRef.findUnique({ where: { id, deleted: false } }));
  if (album && album.ownerId !== viewer.userId) {
    throw new UserError('FORBIDDEN', 'the album is not yours', ['albumId']);
  }
}

const noUpload = () => new UserError('NOT_FOUND', 'there is no such upload', ['uploadId']);
