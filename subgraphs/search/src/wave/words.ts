import type { TasteSource, WaveWishes } from './state.ts';

/** What reasons are told in; titles come in the quotation marks of the language. */
export interface ReasonWords {
  readonly quote: (title: string) => string;
  /** Of a track that is an anchor itself. */
  readonly own: Readonly<Record<TasteSource, string>>;
  readonly because: Readonly<Record<TasteSource, (title: string) => string>>;
  /** An anchor as a part of a sentence. */
  readonly anchor: Readonly<Record<TasteSource, (title: string) => string>>;
  readonly becauseSeed: (title: string) => string;
  readonly seed: (title: string) => string;
  readonly near: (anchor: string, isAlike: boolean) => string;
  /** What was asked for; `words` are those of `nameRequest`. */
  readonly asked: (words: string) => string;
  /** The same, and a reason that is no sentence of its own. */
  readonly askedAnd: (asked: string, near: string) => string;
  /** Without a title where it is what the wave began from that speaks for it; the next two likewise. */
  readonly sameArtist: (artist: string, title: string | null) => string;
  readonly soundsLike: (artist: string, title: string | null) => string;
  readonly genre: (genre: string, title: string | null) => string;
  readonly listeners: (support: number, title: string) => string;
  readonly popular: (plays: number) => string;
  readonly fresh: (at: Date, genre: string | undefined, heard: boolean) => string;
  /** The same by something else that is known of the track. */
  readonly freshGenre: (genre: string, heard: boolean) => string;
  readonly freshArtist: (artist: string, heard: boolean) => string;
  /** One of `feelings`. */
  readonly freshFeeling: (feeling: string, heard: boolean) => string;
  /** Genres and `feelings` that a track has in common with an anchor. */
  readonly inCommon: (traits: readonly string[], title: string) => string;
  /** `testing` is a genre or one of `feelings`. */
  readonly exploring: (testing: string) => string;
  readonly degraded: string;
}

export type WishValue = WaveWishes[keyof WaveWishes];

/** What a listener is told of changes of a wave. A title is null where the track is gone. */
export interface NewsWords {
  /** The anchor is what the track was picked for the sake of. */
  readonly skipped: (title: string | null, anchor: string | null) => string;
  readonly disliked: (title: string | null) => string;
  readonly notNow: (title: string | null) => string;
  readonly blocked: (artist: string | null) => string;
  readonly gone: string;
  readonly shaken: string;
  readonly wishes: Readonly<Record<keyof WaveWishes, string>>;
  readonly value: (value: WishValue) => string;
  /** What has changed, each as `wish: value`. */
  readonly tuned: (changes: readonly string[]) => string;
  readonly ended: (isNarrow: boolean) => string;
}

/** What radios and shelves say beside the reasons that waves have, too. */
export interface ListWords {
  readonly ownOfRadio: (title: string) => string;
  readonly radioSeed: (title: string) => string;
  readonly discoverWeekly: string;
  readonly becauseYouListened: (title: string) => string;
  /** `artists` are the most frequent ones of a mix. */
  readonly artists: (artists: readonly string[], isMore: boolean) => string;
  /** A genre or one of `feelings`. */
  readonly trait: (trait: string) => string;
}

export interface Words extends ReasonWords {
  readonly news: NewsWords;
  readonly lists: ListWords;
}
