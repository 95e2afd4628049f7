import { ALIKE } from '../ranking/alike.ts';
import { ENGLISH } from '../wave/english.ts';
import type { TasteSource } from '../wave/state.ts';
import { sharedTraits } from '../wave/traits.ts';
import type { KnownTrack } from './known-tracks.ts';
import type { ShelfReason } from './stored-shelf.ts';

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

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
export function tellGrounds(reason: ShelfReason, track: KnownTrack, anchor: KnownTrack | null): Grounds {
  if (reason.kind === 'POPULAR') return becausePopular(track);
  if (reason.kind === 'FRESH' || !anchor) return becauseFresh(track);
  const { anchorId } = reason;
  if (reason.kind === 'LISTENERS') {
    const text = `${reason.support} listeners of “${anchor.title}” play it too.`;
    return { kind: 'LISTENERS', text, anchorId, support: reason.support };
  }
  const { source, similarity } = reason;
  const shared = { anchorId, similarity, sharedTraits: sharedTraits(track, anchor) };
  if (anchorId === track.id) {
    return { kind: 'LIKED', text: ENGLISH.own[source], ...shared };
  }
  return { kind: 'LIKED', text: becauseOf(anchor.title, source, similarity), ...shared };
}

function becauseOf(title: string, source: TasteSource, similarity: number): string {
  return similarity < ALIKE
    ? `The nearest here to ${ENGLISH.anchor[source](`“${title}”`)}.`
    : ENGLISH.because[source](`“${title}”`);
}

export function becausePopular({ plays }: KnownTrack): Grounds {
  return { kind: 'POPULAR', text: `Popular here: played ${plays} ${plays === 1 ? 'time' : 'times'}.`, plays };
}

export function becauseFresh({ createdAt }: KnownTrack): Grounds {
  return { kind: 'FRESH', text: `Added here on ${DATE.format(createdAt)}.`, uploadedAt: createdAt };
}
