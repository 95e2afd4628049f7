import type { Choice, Moment } from './choose.ts';
import { isAlbumSpaced, isArtistSpaced, isRested } from './rules.ts';
import type { ScoredTrack } from './score-track.ts';
import type { Candidate, WaveAlbum } from './state.ts';

/** Of each ten items one may be an album: the fourth, so that the first look at a wave has it. */
const EVERY = 10;
const PLACE = 4;
/** An album is judged by its best tracks, so many of which have to be known. */
export const JUDGED_BY = 3;
/** The longest album that a wave plays. */
const MOST_TRACKS = 30;
/** What the mean of its best tracks has to come to: something speaks for it, not chance alone. */
const LEAST_SCORE = 0.35;

export const mayBeAlbum = (seq: number): boolean => seq % EVERY === PLACE;

export interface AlbumChoice extends Choice {
  readonly album: WaveAlbum;
  /** The track that it begins with, where it may be picked; else its best. */
  readonly first: Candidate;
}

/** The album whose best tracks are the best, if there is one that the wave has not touched. */
export function chooseAlbum(
  moment: Moment,
  ranked: readonly ScoredTrack[],
  albums: readonly WaveAlbum[],
): AlbumChoice | undefined {
  const { world, past, shaken } = moment;
  const tests = [isRested(world, past, shaken), isAlbumSpaced(past), isArtistSpaced(past, 0)];
  const byAlbum = new Map<string, ScoredTrack[]>();
  for (const scored of ranked) {
    if (scored.tier > 0 || !tests.every((test) => test(scored.track))) continue;
    for (const id of scored.track.albumIds) byAlbum.set(id, [...(byAlbum.get(id) ?? []), scored]);
  }
  let best: { album: WaveAlbum; tracks: ScoredTrack[]; score: number } | undefined;
  for (const album of albums) {
    const tracks = byAlbum.get(album.id) ?? [];
    if (tracks.length < JUDGED_BY || album.trackIds.length > MOST_TRACKS) continue;
    const score = tracks.slice(0, JUDGED_BY).reduce((sum, scored) => sum + scored.score, 0) / JUDGED_BY;
    if (score >= LEAST_SCORE && (!best || score > best.score)) best = { album, tracks, score };
  }
  const strongest = best?.tracks[0];
  if (!best || !strongest) return undefined;
  const opener = best.tracks.find(({ track }) => track.id === best.album.trackIds[0]);
  return {
    scored: { ...strongest, score: best.score },
    album: best.album,
    first: (opener ?? strongest).track,
    passed: ['RESTED', 'ALBUM_SPACED', 'ARTIST_SPACED'],
    relaxed: [],
  };
}
