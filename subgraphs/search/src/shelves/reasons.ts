import { ALIKE } from '../ranking/alike.ts';
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
    const text = source === 'LIKED' ? 'One of your favourites.' : 'You have played it to the end before.';
    return { kind: 'LIKED', text, ...shared };
  }
  return { kind: 'LIKED', text: becauseOf(anchor.title, source, similarity), ...shared };
}

function becauseOf(title: string, source: 'LIKED' | 'FINISHED', similarity: number): string {
  if (similarity < ALIKE)
    return `The nearest here to “${title}”, which you ${source === 'LIKED' ? 'like' : 'played to the end'}.`;
  return source === 'LIKED' ? `Because you like “${title}”.` : `Because you played “${title}” to the end.`;
}

export function becausePopular({ plays }: KnownTrack): Grounds {
  return { kind: 'POPULAR', text: `Popular here: played ${plays} ${plays === 1 ? 'time' : 'times'}.`, plays };
}

export function becauseFresh({ createdAt }: KnownTrack): Grounds {
  return { kind: 'FRESH', text: `Added here on ${DATE.format(createdAt)}.`, uploadedAt: createdAt };
}
