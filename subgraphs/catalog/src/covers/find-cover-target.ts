import { AlbumId, PlaylistId, typeOfId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import { askCollection } from '../domain/ask-collection.ts';
import { mayManage } from '../domain/visibility.ts';

/** Something that has a picture. */
export interface CoverTarget {
  readonly type: 'Track' | 'Artist' | 'Collection';
  readonly id: string;
  readonly ownerId: string;
}

export const CollectionId = z.union([AlbumId, PlaylistId]);

/** A thing whose picture the viewer may change; any other is not there. */
export async function findCoverTarget(deps: Deps, viewer: Viewer, id: string): Promise<CoverTarget> {
  const target = await findTarget(deps, viewer, id);
  if (!target) throw new UserError('NOT_FOUND', 'there is no such thing that you may change', ['targetId']);
  return target;
}

async function findTarget({ db, bus }: Deps, viewer: Viewer, id: string): Promise<CoverTarget | null> {
  const type = typeOfId(id);
  if (type === 'Track' || type === 'Artist') {
    const thing =
      type === 'Track'
        ? await db.track.findUnique({ where: { id }, select: { ownerId: true } })
        : await db.artist.findUnique({ where: { id }, select: { ownerId: true } });
    return thing && mayManage(viewer, thing) ? { type, id, ownerId: thing.ownerId } : null;
  }
  const collectionId = CollectionId.safeParse(id);
  if (!collectionId.success) return null;
  const collection = await askCollection({ bus }, viewer, collectionId.data);
  return collection?.mayEdit ? { type: 'Collection', id, ownerId: collection.ownerId } : null;
}
