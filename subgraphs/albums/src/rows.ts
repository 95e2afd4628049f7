import { Prisma } from './generated/prisma/client.ts';
import type { Seer } from './visibility.ts';

/** The columns of an `album a`, named as in the models. */
export const ALBUM = Prisma.raw(`a.id, a.artist_id AS "artistId", a.owner_id AS "ownerId", a.title,
  a.release_date AS "releaseDate", a.sort_date AS "sortDate", a.type, a.label, a.upc, a.description, a.status,
  a.release_at AS "releaseAt", a.moderation, a.moderated_at AS "moderatedAt", a.cover, a.cover_at AS "coverAt",
  a.import_key AS "importKey", a.edited_at AS "editedAt", a.version, a.created_at AS "createdAt", a.updated_at AS "updatedAt"`);

/** The columns of a `playlist p` that is joined by `joinMember`, with the viewer's part in it. */
export function playlistRow(viewer: Seer | null): Prisma.Sql {
  return Prisma.sql`p.id, p.owner_id AS "ownerId", p.title, p.description, p.visibility, p.moderation,
    p.moderated_at AS "moderatedAt", p.seq, p.smart, p.cover, p.cover_at AS "coverAt",
    p.created_at AS "createdAt", p.updated_at AS "updatedAt",
    CASE WHEN p.owner_id = ${viewer?.userId ?? ''} THEN 'OWNER' ELSE m.role END AS "viewerRole"`;
}

export function joinMember(viewer: Seer | null): Prisma.Sql {
  return Prisma.sql`LEFT JOIN playlist_member m ON m.playlist_id = p.id AND m.user_id = ${viewer?.userId ?? ''}`;
}

/** The columns of a `playlist_item i`. */
export const ITEM = Prisma.raw(
  `i.id, i.track_id AS "trackId", i.position, i.added_at AS "addedAt", i.added_by AS "addedBy"`,
);
