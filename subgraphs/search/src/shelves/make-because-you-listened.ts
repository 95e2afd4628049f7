import type { Deps } from '../context.ts';
import { groupBy } from '../group-by.ts';
import { spaceArtists } from '../ranking/space-artists.ts';
import { tasteOf, type TasteRow } from '../taste/taste-sql.ts';
import type { ShelfContent } from './stored-shelf.ts';
import { atMostPerArtist, type ShelfAnchor, type Suggestion, suggestNear } from './suggest-near.ts';

const SHELVES = 5;
/** Of what was to the listener's taste last, one track an artist: so many are tried. */
const TRIED = 12;
const KEPT = 24;
const FEWEST = 3;
const PER_ARTIST = 3;
const WINDOW = 3;

/** A list for each of the tracks that were to the listener's taste last; no track is on two of them. */
export async function makeBecauseYouListened(
  deps: Pick<Deps, 'db' | 'vectors'>,
  userId: string,
): Promise<ShelfContent> {
  const anchors = await readLatest(deps, userId);
  if (anchors.length === 0) return [];
  const near = await suggestNear(deps, userId, anchors, KEPT + TRIED);
  const byAnchor = groupBy(near.filter(isAnchored), ({ reason }) => reason.anchorId);
  return anchors
    .map(({ trackId }) => toList(trackId, byAnchor.get(trackId) ?? []))
    .filter(({ items }) => items.length >= FEWEST)
    .slice(0, SHELVES);
}

type Anchored = Suggestion & { readonly reason: { readonly anchorId: string } };

const isAnchored = (suggestion: Suggestion): suggestion is Anchored => 'anchorId' in suggestion.reason;

function toList(anchorId: string, near: readonly Anchored[]): ShelfContent[number] {
  const best = atMostPerArtist(near, PER_ARTIST).slice(0, KEPT);
  const spaced = spaceArtists(best, ({ track }) => track.artistId, WINDOW);
  return { anchorId, items: spaced.map(({ track, reason }) => ({ trackId: track.id, reason })) };
}

/** Each speaks as loudly as the other: a list is about its own track. */
async function readLatest({ db }: Pick<Deps, 'db'>, userId: string): Promise<ShelfAnchor[]> {
  const rows = await db.$queryRaw<Pick<TasteRow, 'trackId' | 'source'>[]>`
    SELECT track_id AS "trackId", source FROM (
      SELECT taste.*, row_number() OVER (PARTITION BY t.artist_id ORDER BY taste.at DESC, t.id) AS place
      FROM (${tasteOf(userId)}) taste JOIN indexed_track t ON t.id = taste.track_id
    ) latest
    WHERE place = 1 ORDER BY at DESC, track_id LIMIT ${TRIED}`;
  return rows.map(({ trackId, source }) => ({
    trackId,
    source: source === 'PICKED' ? 'LIKED' : source,
    weight: 1,
  }));
}
