import type { Viewer } from '@volna/platform/identity';

import type { Database } from '../database.ts';
import { foldWord } from '../domain/fold-word.ts';
import { keyOfTitle } from '../domain/input.ts';
import { readId } from '../domain/read-id.ts';
import { readIsrc, readLanguage } from '../domain/track-fields.ts';
import type { TrackFilter } from '../generated/graphql.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { genreKeysBelow } from '../genres/genre-keys.ts';
import { withGenre, withTag } from './seldom.ts';

const { sql } = Prisma;

/** SQL over `track` for everything that a filter asks; null for a filter that no track can pass. */
export async function conditionsOf(
  db: Database,
  viewer: Viewer | null,
  filter: TrackFilter,
): Promise<Prisma.Sql[] | null> {
  const values = Object.values(filter);
  if (values.some((value) => typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()))) {
    return null;
  }
  const plain = plainConditions(filter);
  const own = ownerConditions(viewer, filter);
  if (!plain || !own) return null;
  return [...plain, ...own, ...yearConditions(filter), ...(await wordConditions(db, filter))];
}

function plainConditions(filter: TrackFilter): Prisma.Sql[] | null {
  const { title, artistId, status, language, explicit, isrc, isAiSuspected } = filter;
  const artist = artistId && readId('Artist', artistId);
  const spoken = language && readLanguage(language);
  const code = isrc && readIsrc(isrc);
  if (artist === null || spoken === null || code === null) return null;
  const conditions: Prisma.Sql[] = [];
  if (title) conditions.push(sql`track.title_key = ${keyOfTitle(title)}`);
  if (artist) conditions.push(sql`track.artist_id = ${artist}`);
  if (status) conditions.push(sql`track.status = ${status}::track_status`);
  if (spoken) conditions.push(sql`track.language = ${spoken}`);
  if (explicit === true) conditions.push(sql`track.explicit = true`);
  if (explicit === false) conditions.push(sql`track.explicit IS NOT TRUE`);
  if (isAiSuspected === true) conditions.push(sql`track.is_ai_suspected`);
  if (isAiSuspected === false) conditions.push(sql`NOT track.is_ai_suspected`);
  if (code) conditions.push(sql`track.isrc = ${code}`);
  return conditions;
}

function ownerConditions(viewer: Viewer | null, { ownerId, isDraft }: TrackFilter): Prisma.Sql[] | null {
  const owner = ownerId && readId('User', ownerId);
  if (owner === null || (isDraft && !viewer)) return null;
  const conditions: Prisma.Sql[] = [];
  if (owner) conditions.push(sql`track.owner_id = ${owner}`);
  if (isDraft === false) conditions.push(sql`NOT track.is_draft`);
  // a draft is never open: so said, the closed tracks of the viewer's are all that is looked at
  if (isDraft)
    conditions.push(sql`track.is_draft AND NOT track.is_open AND track.owner_id = ${viewer?.userId}`);
  return conditions;
}

/** One year is an equality: its tracks lie in the order of their ids. */
function yearConditions({ yearFrom, yearTo }: TrackFilter): Prisma.Sql[] {
  const [from, to] = [yearFrom ?? null, yearTo ?? null];
  if (from !== null && from === to) return [sql`track.year = ${from}`];
  return [
    ...(from === null ? [] : [sql`track.year >= ${from}`]),
    ...(to === null ? [] : [sql`track.year <= ${to}`]),
  ];
}

async function wordConditions(db: Database, { genre, tag }: TrackFilter): Promise<Prisma.Sql[]> {
  return [
    ...(genre ? [await withGenre(db, await genreKeysBelow(db, genre))] : []),
    ...(tag ? [await withTag(db, foldWord(tag))] : []),
  ];
}
