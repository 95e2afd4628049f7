import type { Answer } from './finding/search-library.ts';
import type { ArmRank } from './finding/types.ts';
import type { Decision } from './wave/decision.ts';
import type { Transition } from './wave/transition.ts';

/** A reference: catalog has the rest. */
export interface Track {
  readonly id: string;
}

/** Likewise. */
export interface Artist {
  readonly id: string;
}

/** Likewise. */
export interface Album {
  readonly id: string;
}

export interface Wave {
  readonly id: string;
  /** What waits to be played, where that is known already. */
  readonly items?: readonly WaveItem[];
}

export interface WaveItem {
  readonly seq: number;
  readonly batch: number;
  readonly trackId: string;
  /** Of an item that is an album. */
  readonly albumId: string | null;
  readonly score: number;
  readonly exploratory: boolean;
  readonly reason: Decision;
  readonly transition: Transition | null;
}

export interface AudioSearch {
  readonly id: string;
  readonly status: 'QUEUED' | 'PROCESSING' | 'DONE' | 'FAILED';
}

export interface AudioMatch {
  readonly kind: 'SAME_RECORDING' | 'SAME_WORK' | 'SOUNDS_LIKE';
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
  readonly cursor?: string;
}

export interface TrackHitConnection {
  readonly totalCount: number;
  readonly edges: readonly TrackHitEdge[];
  /** Of a list that can be paged through. */
  readonly pageInfo?: PageInfo;
  /** The track that it is about, where it is about one. */
  readonly trackId?: string;
}

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
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

/** An item tells why it was picked. */
export type WaveDecision = WaveItem;

/** A reference; users has the rest. The setting comes along where something needs it. */
export interface User {
  readonly id: string;
  readonly settings?: { readonly explicitContent: boolean } | null;
}

export interface TasteProfile {
  readonly userId: string;
}

export interface OnboardingPick {
  readonly trackId: string;
}

export type { Reindexing } from './reindexing/read-reindexing.ts';
export type { BlockedArtist } from './taste/block-artist.ts';
export type { TasteAnchor } from './taste/list-anchors.ts';
export type { ForgottenAnchor } from './taste/list-forgotten.ts';
export type { Share as TasteArtist } from './taste/summarise.ts';
export type { RadioItem as RadioEdge } from './radio/play-radio.ts';
export type {
  ShownShelf as GeneratedPlaylist,
  ShownShelf as Shelf,
  ShownItem as ShelfItem,
} from './shelves/show-shelves.ts';
