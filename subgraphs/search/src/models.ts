import type { Answer } from './finding/search-library.ts';
import type { ArmRank } from './finding/types.ts';
import type { Decision } from './wave/state.ts';

/** A reference: catalog has the rest. */
export interface Track {
  readonly id: string;
}

export interface Wave {
  readonly id: string;
}

export interface WaveItem {
  readonly seq: number;
  readonly trackId: string;
  readonly score: number;
  readonly exploratory: boolean;
  readonly reason: Decision;
}

export interface AudioSearch {
  readonly id: string;
  readonly status: 'QUEUED' | 'PROCESSING' | 'DONE' | 'FAILED';
}

export interface AudioMatch {
  readonly kind: 'SAME_RECORDING' | 'SOUNDS_LIKE';
  readonly score: number;
  readonly offsetMs: number | null;
  readonly trackId: string;
}

export interface AudioSearchUpdate {
  readonly status: AudioSearch['status'];
  readonly matches: readonly AudioMatch[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** What is known of a hit beside its node; only what was found by words has all of it. */
export interface SearchHit {
  readonly score: number;
  readonly id?: string;
  readonly query?: string;
  readonly arms?: readonly ArmRank[];
}

export interface TrackHitEdge extends SearchHit {
  readonly node: { readonly id: string };
}

export interface ArtistHitEdge extends SearchHit {
  readonly node: { readonly __typename: 'Artist'; readonly id: string };
}

export interface AlbumHitEdge extends SearchHit {
  readonly node: { readonly __typename: 'Album'; readonly id: string };
}

export interface PlaylistHitEdge extends SearchHit {
  readonly node: { readonly __typename: 'Playlist'; readonly id: string };
}

export type SearchResults = Answer;
