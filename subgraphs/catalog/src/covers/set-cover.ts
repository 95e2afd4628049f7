import { coverChanged, type DataOf, Image, UserId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import { z } from 'zod';

import { describeArtist } from '../artists/describe-artist.ts';
import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { describeTrack } from '../domain/describe-track.ts';
import { folderOf, removeFolder } from '../domain/job-folder.ts';
import { CollectionId, type CoverTarget } from './find-cover-target.ts';

type Images = DataOf<typeof coverChanged>['images'];

const Images = z.array(Image);

/** What a new picture, or none, leaves behind. */
export interface Replaced {
  readonly uploadIds: readonly string[];
  readonly keys: readonly string[];
}

/**
 * Gives a thing its picture, or none, and tells of it; null where the thing is gone. Changes of one thing wait for one
 * another: the later one counts.
 */
export async function setCover(
  tx: Transaction,
  target: CoverTarget,
  images: Images,
  uploadId: string | null,
): Promise<Replaced | null> {
  const { id: targetId } = target;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${targetId}, 3))`;
  const before = await change(tx, target, images);
  if (!before) return null;
  const others = await tx.upload.findMany({
    where: {
      targetId,
      purpose: 'COVER',
      status: 'COMPLETED',
      ...(uploadId ? { id: { not: uploadId } } : {}),
    },
    select: { id: true },
  });
  const uploadIds = others.map(({ id }) => id);
  await tx.upload.deleteMany({ where: { id: { in: uploadIds } } });
  const kept = new Set(images.map(({ key }) => key));
  return { uploadIds, keys: before.map(({ key }) => key).filter((key) => !kept.has(key)) };
}

/** Removes the objects that are of no more use. Call it after the commit; safe to repeat. */
export async function removeReplaced(
  { objects }: Pick<Deps, 'objects'>,
  { uploadIds, keys }: Replaced,
): Promise<void> {
  if (keys.length > 0) await objects.delete(keys);
  for (const uploadId of uploadIds) {
    // oxlint-disable-next-line no-await-in-loop -- seldom more than one
    await removeFolder(objects, folderOf({ kind: 'cover', trackId: null, uploadId }));
  }
}

/** The picture before; null where there is no such thing. */
async function change(
  tx: Transaction,
  { type, id, ownerId }: CoverTarget,
  images: Images,
): Promise<Images | null> {
  if (type === 'Track') {
    const [track] = await tx.$queryRaw<
      { cover: unknown }[]
    >`SELECT cover FROM track WHERE id = ${id} FOR UPDATE`;
    if (!track) return null;
    await tx.track.update({ where: { id }, data: { cover: images, coverGiven: true } });
    await describeTrack(tx, id);
    return Images.parse(track.cover);
  }
  if (type === 'Artist') {
    const [page] = await tx.$queryRaw<
      { picture: unknown }[]
    >`SELECT picture FROM artist WHERE id = ${id} FOR UPDATE`;
    if (!page) return null;
    await tx.artist.update({ where: { id }, data: { picture: images } });
    await describeArtist(tx, id);
    return Images.parse(page.picture);
  }
  const data = {
    targetId: CollectionId.parse(id),
    ownerId: UserId.parse(ownerId),
    images,
    at: new Date().toISOString(),
  };
  await tx.outbox.create({ data: outboxRow(coverChanged, data) });
  return [];
}
