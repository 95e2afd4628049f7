import { ArtistId, artistCreated, newId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { outboxRow } from '@volna/platform/outbox';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import { Bio, Country, Name } from '../artists/artist-fields.ts';
import type { Deps } from '../context.ts';
import type { CreateArtistInput } from '../generated/graphql.ts';
import type { Artist } from '../models.ts';
import { nameKeyOf } from './name-key.ts';

const Input = z.object({ name: Name, bio: Bio.nullish(), country: Country.nullish() });

/** Makes an artist page of the viewer's own; users makes its owner an ARTIST. */
export async function createArtist(deps: Deps, viewer: Viewer, raw: CreateArtistInput): Promise<Artist> {
  const { name, bio, country } = readInput(Input, raw);
  const id = ArtistId.parse(newId('Artist'));
  const artist = await deps.db.$transaction(async (tx) => {
    await tx.outbox.create({
      data: outboxRow(artistCreated, { artistId: id, ownerId: viewer.userId, name }),
    });
    const nameKey = nameKeyOf(name);
    return tx.artist.create({
      data: { id, ownerId: viewer.userId, name, nameKey, bio: bio || null, country: country ?? null },
    });
  });
  deps.wake();
  return artist;
}
