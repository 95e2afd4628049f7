import { ArtistId, artistCreated, newId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { outboxRow } from '@volna/platform/outbox';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { CreateArtistInput } from '../generated/graphql.ts';
import type { Artist } from '../models.ts';
import { line, prose } from './input.ts';

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

const Input = z.object({
  name: line('a name', 120),
  bio: prose('a biography', 5000).nullish(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'a country is two capital letters as in ISO 3166-1, such as FI')
    .refine((code) => !/^[A-Z]{2}$/.test(code) || regions.of(code) !== undefined, 'there is no such country')
    .nullish(),
});

/** Makes an artist page of the viewer's own; users makes its owner an ARTIST. */
export async function createArtist(deps: Deps, viewer: Viewer, raw: CreateArtistInput): Promise<Artist> {
  const { name, bio, country } = readInput(Input, raw);
  const id = ArtistId.parse(newId('Artist'));
  const artist = await deps.db.$transaction(async (tx) => {
    await tx.outbox.create({
      data: outboxRow(artistCreated, { artistId: id, ownerId: viewer.userId, name }),
    });
    return tx.artist.create({
      data: { id, ownerId: viewer.userId, name, bio: bio || null, country: country ?? null },
    });
  });
  deps.wake();
  return artist;
}
