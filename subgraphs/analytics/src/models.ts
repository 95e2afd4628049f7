import type { Range } from './stats/range.ts';
import type { Point, Sums } from './stats/series.ts';
import type { Top } from './stats/top-lists.ts';

export interface Track {
  readonly id: string;
}

export interface Artist {
  readonly id: string;
}

export interface User {
  readonly id: string;
}

interface Stats extends Sums {
  readonly range: Range;
  readonly series: Point[];
}

export interface TrackStats extends Stats {
  readonly finishes: number;
  readonly trackId: string;
}

export interface ArtistStats extends Stats {
  readonly trackIds: readonly string[];
  /** Of these tracks, the most played first. */
  readonly top: readonly Top[];
}

export interface UserStats extends Stats {
  readonly userId: string;
}
