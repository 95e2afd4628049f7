import { Credit } from '@volna/events';
import { z } from 'zod';

import type { Transaction } from '../database.ts';
import { groupBy } from '../group-by.ts';
import type { EntryWords } from '../text/entry-texts.ts';

const Credits = z.array(Credit.pick({ name: true }));

export interface WordsOfEntry {
  readonly id: string;
  readonly plays: number;
  readonly words: EntryWords;
}

/** What these things are found by, from what is known of them now, in four statements at most, however many there are. */
export async function readWords(tx: Transaction, ids: readonly string[]): Promise<WordsOfEntry[]> {
  const entries = await tx.searchEntry.findMany({ where: { id: { in: [...ids] } } });
  const trackIds = entries.filter(({ kind }) => kind === 'TRACK').map(({ id }) => id);
  const tracks = await tx.indexedTrack.findMany({
    where: { id: { in: trackIds } },
    select: { id: true, artistName: true, genres: true, tags: true, credits: true, lyrics: true },
  });
  const trackById = new Map(tracks.map((track) => [track.id, track]));
  const albums = await albumTitlesByTrack(tx, trackIds);
  const artists = await artistNames(
    tx,
    entries.flatMap(({ kind, artistId }) => (kind === 'ALBUM' && artistId ? [artistId] : [])),
  );
  return entries.map(({ id, kind, title, artistId, plays }) => {
    const track = trackById.get(id);
    const artist = kind === 'ALBUM' ? artists.get(artistId ?? '') : undefined;
    const names = track ? [track.artistName, ...Credits.parse(track.credits).map(({ name }) => name)] : [];
    return {
      id,
      plays,
      words: {
        title,
        names: artist === undefined ? names : [artist],
        albums: albums.get(id) ?? [],
        topics: track ? [...track.genres, ...track.tags] : [],
        lyrics: track?.lyrics ?? null,
      },
    };
  });
}

/** The titles of the released albums that hold a track. */
async function albumTitlesByTrack(
  tx: Transaction,
  trackIds: readonly string[],
): Promise<Map<string, string[]>> {
  if (trackIds.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ trackId: string; title: string }[]>`
    SELECT t.id AS "trackId", e.title
    FROM unnest(${trackIds}::text[]) AS t(id)
    JOIN album_tracks a ON a.track_ids @> ARRAY[t.id]
    JOIN search_entry e ON e.id = a.album_id AND e.is_public
    ORDER BY e.id`;
  const groups = groupBy(rows, ({ trackId }) => trackId);
  return new Map([...groups].map(([trackId, of]) => [trackId, of.map(({ title }) => title)]));
}

async function artistNames(tx: Transaction, artistIds: readonly string[]): Promise<Map<string, string>> {
  if (artistIds.length === 0) return new Map();
  const artists = await tx.searchEntry.findMany({
    where: { id: { in: [...new Set(artistIds)] } },
    select: { id: true, title: true },
  });
  return new Map(artists.map(({ id, title }) => [id, title]));
}
