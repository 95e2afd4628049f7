import { ClientError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { findSimilar } from '../domain/find-similar.ts';
import { ALIKE } from '../ranking/alike.ts';
import { spaceArtists } from '../ranking/space-artists.ts';
import { type KnownTrack, readKnownTracks } from '../shelves/read-known-tracks.ts';
import type { Grounds } from '../shelves/reasons.ts';
import { capitalise, wordsOf } from '../wave/languages.ts';
import { sharedTraits } from '../wave/traits.ts';
import type { Words } from '../wave/words.ts';
import { nothingOf, type RadioSeed, readRadioSeed } from './read-radio-seed.ts';

/** Any four tracks in a row are by four artists while there is a choice. */
const WINDOW = 4;
/** Neighbours asked for beyond the answer, so that there is a choice. */
const CHOICE = 60;

export interface RadioItem {
  readonly trackId: string;
  readonly score: number;
  readonly grounds: Grounds;
}

/** The track of the seed that speaks for one, and how near it is. */
interface Near {
  readonly score: number;
  readonly from: string;
}

/** Tracks that sound like the seed, the same each time: nearest first, artists spread, nothing that the viewer refuses. */
export async function playRadio(
  { viewer, language, ...deps }: Pick<Context, 'db' | 'bus' | 'vectors' | 'viewer' | 'language'>,
  seedId: string,
  { first, explicit }: { readonly first: number; readonly explicit: boolean },
): Promise<RadioItem[]> {
  const viewerId = viewer?.userId ?? null;
  const seed = await readRadioSeed(deps, seedId, viewerId);
  if (!seed) throw new ClientError('NOT_FOUND', nothingOf(seedId));
  const found = await findSimilar(deps, viewerId, [...seed.trackIds], first + CHOICE);
  const best = new Map(seed.ownIds.map((id): [string, Near] => [id, { score: 1, from: id }]));
  for (const [from, neighbours] of found) {
    for (const { id, score } of neighbours ?? []) {
      if (score > (best.get(id)?.score ?? -1)) best.set(id, { score, from });
    }
  }
  const known = await readKnownTracks(deps, viewerId, [...best.keys(), ...seed.trackIds]);
  const ranked = [...best]
    .flatMap(([id, near]) => {
      const track = known.get(id);
      const isWanted = track && !track.isRefused && !track.isUnwanted && (explicit || !track.isExplicit);
      return isWanted ? [{ track, ...near }] : [];
    })
    .toSorted((a, b) => b.score - a.score || (a.track.id < b.track.id ? -1 : 1));
  return spaceArtists(ranked, ({ track }) => track.artistId, WINDOW)
    .slice(0, first)
    .map(({ track, score, from }) => ({
      trackId: track.id,
      score,
      grounds: becauseSeed(wordsOf(language), seed, track, score, known.get(from)),
    }));
}

function becauseSeed(
  words: Words,
  { id, title, ownIds }: RadioSeed,
  track: KnownTrack,
  similarity: number,
  from: KnownTrack | undefined,
): Grounds {
  const shared = from && from.id !== track.id ? sharedTraits(track, from) : [];
  return { kind: 'SEED', text: tell(), seed: id, similarity, sharedTraits: shared };

  function tell(): string {
    const quoted = words.quote(title);
    if (ownIds.includes(track.id)) return words.lists.ownOfRadio(quoted);
    return capitalise(words.near(words.lists.radioSeed(quoted), similarity >= ALIKE));
  }
}
