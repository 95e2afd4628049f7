import type { TasteSource } from './state.ts';

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
  /** `testing` is a genre or one of `feelings`. */
  readonly exploring: (testing: string) => string;
  readonly degraded: string;
}
