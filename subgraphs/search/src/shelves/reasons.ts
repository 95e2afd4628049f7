import { ALIKE } from '../ranking/alike.ts';
import { capitalise } from '../wave/languages.ts';
import type { TasteSource } from '../wave/state.ts';
import { sharedTraits } from '../wave/traits.ts';
import type { Words } from '../wave/words.ts';
import type { KnownTrack } from './read-known-tracks.ts';
import type { ShelfReason } from './stored-shelf.ts';

/** Why a track is suggested, as it is told. */
export type Grounds =
  | {
      readonly kind: 'LIKED';
      readonly text: string;
      readonly anchorId: string;
      readonly similarity: number;
      readonly sharedTraits: string[];
    }
  | { readonly kind: 'LISTENERS'; readonly text: string; readonly anchorId: string; readonly support: number }
  | {
      readonly kind: 'SEED';
      readonly text: string;
      readonly seed: string;
      readonly similarity: number;
      readonly sharedTraits: string[];
    }
  | { readonly kind: 'POPULAR'; readonly text: string; readonly plays: number }
  | { readonly kind: 'FRESH'; readonly text: string; readonly uploadedAt: Date };

/** The record of a reason in words, with what is known now; `anchor` is the track that it names. */
export function tellGrounds(
  words: Words,
  reason: ShelfReason,
  track: KnownTrack,
  anchor: KnownTrack | null,
): Grounds {
  if (reason.kind === 'POPULAR') return becausePopular(words, track);
  if (reason.kind === 'FRESH' || !anchor) return becauseFresh(words, track);
  const { anchorId } = reason;
  if (reason.kind === 'LISTENERS') {
    const text = words.listeners(reason.support, words.quote(anchor.title));
    return { kind: 'LISTENERS', text, anchorId, support: reason.support };
  }
  const { source, similarity } = reason;
  const shared = { anchorId, similarity, sharedTraits: sharedTraits(track, anchor) };
  if (anchorId === track.id) {
    return { kind: 'LIKED', text: words.own[source], ...shared };
  }
  return { kind: 'LIKED', text: becauseOf(words, anchor.title, source, similarity), ...shared };
}

function becauseOf(words: Words, title: string, source: TasteSource, similarity: number): string {
  const quoted = words.quote(title);
  return similarity < ALIKE
    ? capitalise(words.near(words.anchor[source](quoted), false))
    : words.because[source](quoted);
}

export function becausePopular(words: Words, { plays }: KnownTrack): Grounds {
  return { kind: 'POPULAR', text: words.popular(plays), plays };
}

export function becauseFresh(words: Words, { createdAt }: KnownTrack): Grounds {
  // of a list that says no more: neither the genre nor whether it was heard
  return { kind: 'FRESH', text: words.fresh(createdAt, undefined, true), uploadedAt: createdAt };
}
