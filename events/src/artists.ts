import { z } from 'zod';

import { defineEvent } from './definition.ts';
import { ArtistId, UserId } from './ids.ts';
import { Image } from './images.ts';

/** An artist page exists; its owner may upload for it. */
export const artistCreated = defineEvent(
  'catalog.artist.created',
  z.object({ artistId: ArtistId, ownerId: UserId, name: z.string() }),
);

/** An artist page has changed: stated whole. */
export const artistUpdated = defineEvent(
  'catalog.artist.updated',
  z.object({
    artistId: ArtistId,
    ownerId: UserId,
    name: z.string(),
    isVerified: z.boolean(),
    /** False where moderators keep it out of sight. */
    isOpen: z.boolean(),
    picture: z.array(Image),
  }),
);

/** An artist page has become somebody else's, who may upload for it now; `artistUpdated` states it as well. */
export const artistTransferred = defineEvent(
  'catalog.artist.transferred',
  z.object({
    artistId: ArtistId,
    ownerId: UserId,
    formerOwnerId: UserId,
    /** The page that the tracks of the former owner went to; null where they have gone with the page. */
    formerOwnerPageId: ArtistId.nullable(),
  }),
);

/** An artist page is gone; what became of its tracks, their own events tell. */
export const artistDeleted = defineEvent(
  'catalog.artist.deleted',
  z.object({
    artistId: ArtistId,
    ownerId: UserId,
    /** The page of the same owner's that its tracks went to. */
    movedToId: ArtistId.nullish(),
  }),
);
