import type { Range } from './stats/range.ts';

export interface Track {
  readonly id: string;
}

export interface Artist {
  readonly id: string;
}

export interface User {
  readonly id: string;
}

export interface TrackStats {
  readonly trackId: string;
  readonly range: Range;
}

export interface ArtistStats {
  readonly trackIds: readonly string[];
  readonly range: Range;
}

export interface UserStats {
  readonly userId: string;
  readonly range: Range;
}
