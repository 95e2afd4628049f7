import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';

import type { Deps } from '../context.ts';
import type { Track } from '../models.ts';
import { readId } from './read-id.ts';
import { mayManage } from './visibility.ts';

/** A track that the viewer may change; any other is not there. */
export async function ownTrack({ db }: Pick<Deps, 'db'>, viewer: Viewer, raw: string): Promise<Track> {
  const id = readId('Track', raw);
  const track = id && (await db.track.findUnique({ where: { id } }));
  if (track && mayManage(viewer, track)) return track;
  throw new UserError('NOT_FOUND', 'there is no such track of yours', ['trackId']);
}
