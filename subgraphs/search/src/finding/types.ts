export const KINDS = ['TRACK', 'ARTIST', 'ALBUM', 'PLAYLIST'] as const;
export type Kind = (typeof KINDS)[number];

/** A way in which a text is matched. */
export const ARMS = ['TITLE', 'WORDS', 'DENSE', 'ALIKE', 'SOME', 'KEYBOARD'] as const;
export type Arm = (typeof ARMS)[number];

export const SORTS = ['RELEVANCE', 'NEWEST', 'TITLE', 'YEAR', 'DURATION', 'POPULARITY'] as const;
export type Sort = (typeof SORTS)[number];

/** Where one arm has an entry. */
export interface ArmRank {
  readonly arm: Arm;
  /** From 1. */
  readonly rank: number;
  /** The arm's own measure. */
  readonly score: number;
}

export interface Hit {
  readonly id: string;
  /** How well it fits the query, 0–1. */
  readonly score: number;
  readonly arms: readonly ArmRank[];
}

export interface Found {
  readonly total: number;
  /** The best, in order. */
  readonly hits: readonly Hit[];
}

export interface Question {
  readonly query: string;
  readonly filter: Filter;
  readonly sort: Sort;
  readonly kinds: readonly Kind[];
}

/** What a track has to be; null and undefined ask for nothing. */
export interface Filter {
  readonly genre?: string | null | undefined;
  readonly yearFrom?: number | null | undefined;
  readonly yearTo?: number | null | undefined;
  readonly artistId?: string | null | undefined;
  readonly tempoFrom?: number | null | undefined;
  readonly tempoTo?: number | null | undefined;
  readonly key?: string | null | undefined;
  readonly energyFrom?: number | null | undefined;
  readonly energyTo?: number | null | undefined;
  readonly durationFromMs?: number | null | undefined;
  readonly durationToMs?: number | null | undefined;
  readonly language?: string | null | undefined;
  readonly explicit?: boolean | null | undefined;
  readonly excludeAiSuspected?: boolean | null | undefined;
}
