import { ClientError } from '@volna/platform/errors';
import type { VectorHit } from '@volna/platform/vectors';

import type { Context } from '../context.ts';
import { offered } from '../domain/may-be-offered.ts';
import { readSeed } from '../domain/read-seed.ts';
import type { Filter } from '../finding/types.ts';
import { spaceArtists } from '../ranking/space-artists.ts';
import { askVectors, required, trackOf } from './ask-vectors.ts';
import { type KnownTrack, readKnown } from './known-hits.ts';
import { readSounds, type Sound } from './read-sounds.ts';
import { shareOfWay, towards } from './sphere.ts';
import { toVectorFilter } from './to-vector-filter.ts';

const [SHORTEST, LONGEST] = [2, 50];
/** Neighbours of each place of the way, among which no recording is taken twice. */
const CHOICE = 60;
/** Any three tracks in a row are by three artists while there is a choice. */
const WINDOW = 3;

export interface Step {
  readonly id: string;
  /** 0 at the beginning, 1 at the end. */
  readonly share: number;
}

/** Tracks that lead from the sound of one to that of another in even steps. Empty where one of the two has no vector. */
export async function findPath(
  { db, vectors, viewer }: Pick<Context, 'db' | 'vectors' | 'viewer'>,
  [fromId, toId]: readonly [string, string],
  length: number,
  filter: Filter,
): Promise<Step[]> {
  if (length < SHORTEST) throw new ClientError('BAD_USER_INPUT', `\`length\` must be at least ${SHORTEST}`);
  const steps = Math.min(length, LONGEST);
  const viewerId = viewer?.userId ?? null;
  const seeds = await Promise.all([fromId, toId].map((id) => readSeed(db, id, viewerId)));
  const ids = seeds.map((seed) => (seed?.trackIds.length === 1 ? seed.trackIds[0] : undefined));
  const sounds = await readSounds(
    db,
    viewerId,
    ids.filter((id) => id !== undefined),
  );
  const [from, to] = ids.map((id) => {
    if (id === undefined) throw new ClientError('NOT_FOUND', 'there is no such track');
    return sounds.get(id);
  });
  if (!from || !to || from.model !== to.model) return [];
  if (from.id === to.id) return [{ id: from.id, share: 0 }];

  const passes = offered(await toVectorFilter(db, filter));
  const places = Array.from({ length: steps - 2 }, (_, at) => (at + 1) / (steps - 1));
  const question = {
    model: from.model,
    limit: CHOICE,
    filter: { ...passes, noneOf: { trackId: [from.id, to.id] } },
  };
  const answers = await askVectors(
    vectors,
    places.map((share) => ({ ...question, target: towards(from.vector, to.vector, share) })),
  );
  const hits = answers.map(required);
  const known = await readKnown(db, hits.flat());
  const between = await order(db, from, to, pick([from, to], hits, known));
  return [{ id: from.id, share: 0 }, ...between, { id: to.id, share: 1 }];
}

/** For each place the nearest that is not taken; an artist again only where nobody else is near. */
function pick(
  ends: readonly Sound[],
  hits: readonly (readonly VectorHit[])[],
  known: ReadonlyMap<string, KnownTrack>,
): string[] {
  const recordings = new Set(ends.map(({ recordingKey }) => recordingKey));
  let [before, last] = ['', ends[0]?.artistId ?? ''];
  return hits.flatMap((near) => {
    const free = near
      .flatMap((hit) => known.get(trackOf(hit)) ?? [])
      .filter(({ recordingKey }) => !recordings.has(recordingKey));
    const chosen = free.find(({ artistId }) => artistId !== last && artistId !== before) ?? free[0];
    if (!chosen) return [];
    recordings.add(chosen.recordingKey);
    [before, last] = [last, chosen.artistId];
    return [chosen.id];
  });
}

/** By how far along the way each of them is: places near to one another may have found each other's tracks. */
async function order(db: Context['db'], from: Sound, to: Sound, ids: readonly string[]): Promise<Step[]> {
  const sounds = await readSounds(db, null, ids);
  const steps = ids
    .flatMap((id) => sounds.get(id) ?? [])
    .map((sound) => ({ ...sound, share: shareOfWay(from.vector, to.vector, sound.vector) }))
    .toSorted((a, b) => a.share - b.share || (a.id < b.id ? -1 : 1));
  return spaceArtists(steps, ({ artistId }) => artistId, WINDOW).map(({ id, share }) => ({ id, share }));
}
