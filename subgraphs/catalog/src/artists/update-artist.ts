import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { nameKeyOf } from '../domain/name-key.ts';
import { isAdmin } from '../domain/visibility.ts';
import type { UpdateArtistInput } from '../generated/graphql.ts';
import type { Artist } from '../models.ts';
import { Bio, Country, Name } from './artist-fields.ts';
import { describeArtist } from './describe-artist.ts';
import { ownArtist } from './own-artist.ts';
import { noteRestatement, restateTracks, tracksWith } from './restate-tracks.ts';

/** What is left out stays as it is; null takes a text away, but not the name. */
const Input = z.object({ name: Name.nullish(), bio: Bio.nullish(), country: Country.nullish() });

/**
 * Changes what a page says. Its tracks follow a new name: they are stated anew, in parts. A page was confirmed by the
 * name that it had: one that reads otherwise is to be confirmed again, unless it is an ADMIN who changes it.
 */
export async function updateArtist(deps: Deps, viewer: Viewer, raw: UpdateArtistInput): Promise<Artist> {
  const { id } = await ownArtist(deps.db, viewer, raw.artistId);
  if (raw.name === null) throw new UserError('BAD_USER_INPUT', 'a name is needed', ['name']);
  const { name, bio, country } = readInput(Input, raw);
  const artist = await deps.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM artist WHERE id = ${id} FOR NO KEY UPDATE`;
    const before = await ownArtist(tx, viewer, id);
    if (name && name !== before.name) await rename(tx, before, name, isAdmin(viewer));
    const updated = await tx.artist.update({
      where: { id },
      data: {
        ...(bio === undefined ? {} : { bio: bio || null }),
        ...(country === undefined ? {} : { country }),
      },
    });
    await describeArtist(tx, id);
    return updated;
  });
  deps.wake();
  await restateTracks(deps);
  return artist;
}

/** Tracks that write the name as the page did go on doing so; where a track writes it otherwise, it stays. */
async function rename(tx: Transaction, before: Artist, name: string, isTrusted: boolean): Promise<void> {
  const nameKey = nameKeyOf(name);
  const lapses = isTrusted || nameKey === before.nameKey ? {} : { verifiedAt: null };
  await tx.artist.update({ where: { id: before.id }, data: { name, nameKey, ...lapses } });
  await tx.trackCredit.updateMany({
    where: { artistId: before.id, name: before.name },
    data: { name, nameKey },
  });
  await noteRestatement(tx, tracksWith(before.id));
}
