import type { Reason, Terms } from './decision.ts';
import type { Loudest } from './nearness.ts';
import type { Anchor, Candidate } from './state.ts';
import { feelings, sharedTraits } from './traits.ts';
import { isCold, type World } from './world.ts';

/** The scale is that of a cosine: an anchor of weight 1 gives a track that sounds the same 1. */
const POPULAR = 0.3;
const FRESH = 0.2;
const FRESH_DAYS = 30;
/** What an artist's name, a genre and common listeners are worth beside the sound itself. */
const OWN_ARTIST = 0.7;
const ARTIST_SOUND = 0.8;
const GENRE = 0.5;
const LISTENERS = 0.9;
const DAY_MS = 86_400_000;

/** Something that speaks for a track, and how loudly. */
export interface Ground {
  readonly value: number;
  readonly tell: (terms: Terms) => Reason;
}

/** Which of popularity and freshness is asked for where no anchor can speak. */
export type Lean = 'POPULAR' | 'FRESH';

/** The strongest of all that speaks for a track. */
export function strongestGround(world: World, track: Candidate, lean: Lean): Ground {
  const popular = byPlays(world, track);
  const fresh = byAge(world, track);
  const heard = [
    byAnchor(world, track),
    byListeners(world, track),
    byArtist(world, track),
    byGenre(world, track),
  ].filter((ground) => ground !== null);
  const near = strongest(heard);
  if (world.anchors.length === 0) {
    if (lean === 'FRESH' || popular.value === 0)
      return { ...fresh, value: lean === 'FRESH' ? fresh.value / FRESH : 0 };
    return { ...popular, value: 1 };
  }
  const common = popular.value >= fresh.value && popular.value > 0 ? popular : fresh;
  return near && near.value > 0 && near.value >= common.value ? near : common;
}

function strongest(grounds: readonly Ground[]): Ground | null {
  return grounds.reduce<Ground | null>(
    (best, ground) => (best && best.value >= ground.value ? best : ground),
    null,
  );
}

/** The anchor that speaks loudest for a track. */
function byAnchor(world: World, track: Candidate): Ground | null {
  if (!track.vector) return null;
  const best = loudest(world, track.vector, track);
  if (!best) return null;
  const { anchor, similarity, value } = best;
  return {
    value,
    tell(terms) {
      const common = { ...anchoredBy(anchor, track, similarity), terms };
      if (anchor.source === 'SEED' && world.seed) {
        return { kind: 'SEED', seed: world.seed.id, seedTitle: world.seed.title, ...common };
      }
      const source = anchor.source === 'SEED' ? 'LIKED' : anchor.source;
      return { kind: 'LIKED', anchorTitle: anchor.title, source, ...common };
    },
  };
}

function byListeners(world: World, track: Candidate): Ground | null {
  if (!track.listeners) return null;
  const { score, anchorId, support } = track.listeners;
  const anchor = world.anchorById.get(anchorId);
  if (!anchor || anchorId === track.id) return null;
  return {
    value: LISTENERS * score,
    tell: (terms) => ({
      kind: 'LISTENERS',
      support,
      anchorTitle: anchor.title,
      ...anchoredBy(anchor, track, score),
      terms,
    }),
  };
}

/** A new track inherits what its artist is known for. */
function byArtist(world: World, track: Candidate): Ground | null {
  if (!isCold(track)) return null;
  const own = world.artistAnchors.get(track.artistId);
  const sound = world.artistSounds.get(track.artistId);
  const like = sound ? loudest(world, sound, track) : null;
  const grounds: Ground[] = [];
  const add = (anchor: Anchor, value: number, similarity: number, isSameArtist: boolean) =>
    grounds.push({
      value,
      tell: (terms) => ({
        kind: 'ARTIST',
        artistId: track.artistId,
        artistName: track.artistName,
        isSameArtist,
        anchorTitle: anchor.title,
        ...anchoredBy(anchor, track, similarity),
        terms,
      }),
    });
  if (own && own.trackId !== track.id) add(own, OWN_ARTIST * own.weight, 1, true);
  if (like)
    add(like.anchor, ARTIST_SOUND * like.value, like.similarity, like.anchor.artistId === track.artistId);
  return strongest(grounds);
}

/** Where one of the two was not analysed, their genres have to do. */
function byGenre(world: World, track: Candidate): Ground | null {
  const silent = track.vector ? world.anchors.filter(({ vector }) => !vector) : world.anchors;
  if (silent.length === 0 || track.genres.length === 0) return null;
  const genres = track.genres.map((genre) => genre.toLowerCase());
  const grounds = silent.flatMap((anchor): Ground[] => {
    const others = new Set(anchor.genres.map((genre) => genre.toLowerCase()));
    const common = genres.filter((genre) => others.has(genre));
    const [genre] = common;
    if (genre === undefined || anchor.trackId === track.id) return [];
    const similarity = common.length / new Set([...genres, ...others]).size;
    return [
      {
        value: GENRE * anchor.weight * similarity,
        tell: (terms) => ({
          kind: 'GENRE',
          genre,
          anchorTitle: anchor.title,
          ...anchoredBy(anchor, track, similarity),
          terms,
        }),
      },
    ];
  });
  return strongest(grounds);
}

/** A track speaks for itself only where favourites are asked for. */
function loudest({ nearness, settings }: World, sound: Float32Array, track: Candidate): Loudest | null {
  return nearness.loudest(sound, settings.familiarity === 'FAVOURITE' ? null : track.id);
}

function anchoredBy(anchor: Anchor, track: Candidate, similarity: number) {
  return {
    anchorId: anchor.trackId,
    similarity: Math.min(1, Math.max(0, similarity)),
    weight: anchor.weight,
    ...(anchor.source === 'SEED' && { isSeed: true }),
    traits: sharedTraits(track, anchor),
  };
}

function byPlays(world: World, track: Candidate): Ground {
  const { plays } = track;
  return { value: POPULAR * popularity(world, track), tell: (terms) => ({ kind: 'POPULAR', plays, terms }) };
}

function byAge({ now }: World, track: Candidate): Ground {
  const {
    createdAt,
    heardAt,
    artistId,
    artistName,
    genres: [genre],
  } = track;
  const [feeling] = feelings(track);
  const days = Math.floor(Math.max(0, now.getTime() - createdAt.getTime()) / DAY_MS);
  return {
    value: FRESH * Math.exp(-days / FRESH_DAYS),
    tell: (terms) => ({
      kind: 'FRESH',
      uploadedAt: createdAt.toISOString(),
      heard: heardAt !== null,
      ...(genre !== undefined && { genre }),
      ...(artistName !== '' && { artistId, artistName }),
      ...(feeling !== undefined && { feeling }),
      terms,
    }),
  };
}

export const popularity = ({ maxPlays }: World, { plays }: Candidate): number =>
  maxPlays > 0 ? Math.log1p(plays) / Math.log1p(maxPlays) : 0;
