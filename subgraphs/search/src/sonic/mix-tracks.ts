import { ClientError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { Neighbour } from '../domain/find-similar.ts';
import { offered } from '../domain/may-be-offered.ts';
import { readSeed } from '../domain/read-seed.ts';
import type { Filter } from '../finding/types.ts';
import { askVectors, required, trackOf } from './ask-vectors.ts';
import { readKnown } from './known-hits.ts';
import { ofOneModel, readSounds } from './read-sounds.ts';
import { toVectorFilter } from './to-vector-filter.ts';

/** Things that a mixture is made of, on each side. */
const MOST = 10;
/** Other uploads of one recording are dropped from the answer. */
const SPARE = 20;

export interface Mixture {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly filter: Filter;
}

/** Tracks that sound like some tracks, artists and albums and unlike others, none of which is among them. */
export async function mixTracks(
  { db, vectors, viewer }: Pick<Context, 'db' | 'vectors' | 'viewer'>,
  { include, exclude, filter }: Mixture,
  first: number,
): Promise<Neighbour[]> {
  if (include.length === 0 || include.length > MOST || exclude.length > MOST)
    throw new ClientError('BAD_USER_INPUT', `1 to ${MOST} to include, at most ${MOST} to exclude`);
  const viewerId = viewer?.userId ?? null;
  const seeds = await Promise.all([...include, ...exclude].map((id) => readSeed(db, id, viewerId)));
  const tracks = seeds.map((seed) => {
    if (!seed) throw new ClientError('NOT_FOUND', 'there is no such track, artist or album');
    return seed.trackIds;
  });
  const [liked, disliked] = [tracks.slice(0, include.length).flat(), tracks.slice(include.length).flat()];
  const sounds = await readSounds(db, viewerId, [...liked, ...disliked]);
  const like = ofOneModel(liked.flatMap((id) => sounds.get(id) ?? []));
  const [model] = like.map((sound) => sound.model);
  if (model === undefined || first === 0) return [];
  const unlike = disliked.flatMap((id) => sounds.get(id) ?? []).filter((sound) => sound.model === model);

  const target = { like: like.map(({ vector }) => vector), unlike: unlike.map(({ vector }) => vector) };
  const passes = offered(await toVectorFilter(db, filter));
  const noneOf = { trackId: [...liked, ...disliked], artistIds: exclude };
  const question = { model, target, limit: first + SPARE, filter: { ...passes, noneOf } };
  const hits = required((await askVectors(vectors, [question]))[0]);
  const known = await readKnown(db, hits);
  const seen = new Set([...sounds.values()].map(({ recordingKey }) => recordingKey));
  return hits
    .flatMap((hit) => {
      const track = known.get(trackOf(hit));
      if (!track || seen.has(track.recordingKey)) return [];
      seen.add(track.recordingKey);
      return [{ id: track.id, score: Math.min(1, Math.max(0, hit.score)) }];
    })
    .slice(0, first);
}
