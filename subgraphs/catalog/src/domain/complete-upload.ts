import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { CompleteUploadInput } from '../generated/graphql.ts';
import type { Track, Upload } from '../models.ts';
import { checkAlbum, createTrack, Description, ownArtist } from './describe-upload.ts';
import { readId } from './read-id.ts';
import { receiveUpload, refusalOf } from './receive-upload.ts';

const Part = z.object({
  partNumber: z.number().int('a part number is a whole number'),
  etag: z.string().max(200, 'an etag has at most 200 characters'),
});
/** The parts of an upload, as their PUTs were answered. */
export const Parts = z.array(Part).max(10_000, 'an upload has at most 10,000 parts');
const Input = Description.extend({ parts: Parts });

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

  if (upload.status === 'FETCHING') {
    throw new UserError('BAD_USER_INPUT', 'the server completes this upload by itself', ['uploadId']);
  }
  const { parts, ...description } = readInput(Input, raw);
  const artistId = await ownArtist(deps, viewer, raw.artistId);
  await checkAlbum(deps, viewer, description.albumId);
  await receiveUpload(deps, upload, parts);

  const isFirst = await deps.db.$transaction((tx) => createTrack(deps, tx, upload, artistId, description));
  if (isFirst) deps.wake();
  const after = await deps.db.upload.findUniqueOrThrow({ where: { id: upload.id } });
  if (after.status === 'REJECTED') throw refusalOf(after);
  const completed = await completedOf(deps, after);
  if (!completed) throw noUpload();
  return completed;
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
  const upload =
    id && (await db.upload.findFirst({ where: { id, ownerId: viewer.userId, purpose: 'AUDIO' } }));
  if (!upload) throw noUpload();
  return upload;
}

const noUpload = () => new UserError('NOT_FOUND', 'there is no such upload', ['uploadId']);
