import { type DataOf, newId, trackUpdated } from '@volna/events';

import { aTrack, type OpenSearch } from './open-search.ts';

type Track = DataOf<typeof trackUpdated>;

/** Four styles of eight tracks by four artists each, every style a direction of its own. */
export async function plantStyles(search: OpenSearch): Promise<Track[]> {
  const artists = Array.from({ length: 16 }, () => newId('Artist'));
  const library = Array.from({ length: 32 }, (_, n) => {
    const style = n % 4;
    const vector = [0, 0, 0, 0].map((_zero, axis) => (axis === style ? 1 : 0.06 * ((n * (axis + 3)) % 7)));
    return aTrack({
      title: `Track ${n}`,
      artistName: `Artist ${n % 16}`,
      artistId: artists[n % 16]!,
      vector,
      genres: [`style ${style}`],
    });
  });
  for (const track of library) await search.bus.publish(trackUpdated, track);
  await search.settle();
  return library;
}
