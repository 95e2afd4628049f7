import type { Deps } from '../context.ts';
import { type Language, wordsOf } from '../wave/languages.ts';
import type { Words } from '../wave/words.ts';
import { makeBecauseYouListened } from './make-because-you-listened.ts';
import { makeDailyMixes } from './make-daily-mixes.ts';
import { makeDiscoverWeekly, weekOf } from './make-discover-weekly.ts';
import { nameMix } from './name-mix.ts';
import { type KnownTrack, readKnownTracks } from './read-known-tracks.ts';
import { type Grounds, tellGrounds } from './reasons.ts';
import {
  keepShelf,
  readStored,
  type ShelfContent,
  shelfId,
  type ShelfKind,
  type StoredShelf,
} from './stored-shelf.ts';

const DAY_MS = 86_400_000;

export interface ShownItem {
  readonly trackId: string;
  readonly grounds: Grounds;
}

export interface ShownShelf {
  readonly id: string;
  readonly title: string;
  readonly anchorId: string | null;
  readonly items: readonly ShownItem[];
  readonly madeAt: Date;
  readonly expiresAt: Date;
}

interface Listener {
  readonly userId: string;
  /** False where tracks that are marked explicit are not wanted. */
  readonly explicit: boolean;
  readonly language: Language;
}

type ShelfDeps = Pick<Deps, 'db' | 'vectors' | 'trackMemory'>;
type Make = (deps: ShelfDeps, userId: string, now: Date) => Promise<ShelfContent>;

const MAKERS: Readonly<Record<ShelfKind, Make>> = {
  DISCOVER_WEEKLY: makeDiscoverWeekly,
  BECAUSE_YOU_LISTENED: makeBecauseYouListened,
  DAILY_MIX: makeDailyMixes,
};

/**
 * The lists of a kind, made now where there are none that still hold. What is closed, refused by the listener or too
 * explicit leaves them here, and with an anchor what was there because of it.
 */
export async function showShelves(
  deps: ShelfDeps,
  { userId, explicit, language }: Listener,
  kind: ShelfKind,
  now = new Date(),
): Promise<ShownShelf[]> {
  const words = wordsOf(language);
  const stored = (await readStored(deps, userId, kind, now)) ?? (await make(deps, userId, kind, now));
  const known = await readKnownTracks(deps, userId, stored.content.flatMap(idsOf));
  return stored.content.flatMap((list, index): ShownShelf[] => {
    const anchor = list.anchorId === null ? null : known.get(list.anchorId);
    if (anchor === undefined || (anchor && !counts(anchor))) return [];
    const shown = list.items.flatMap(({ trackId, reason }) => {
      const track = known.get(trackId);
      if (!track || track.isRefused || track.isUnwanted || (track.isExplicit && !explicit)) return [];
      const spokenFor = 'anchorId' in reason ? known.get(reason.anchorId) : null;
      if (spokenFor === undefined || (spokenFor && !counts(spokenFor))) return [];
      return [{ track, item: { trackId, grounds: tellGrounds(words, reason, track, spokenFor) } }];
    });
    if (shown.length === 0) return [];
    const title = titleOf(
      words,
      kind,
      anchor,
      shown.map(({ track }) => track),
    );
    const { madeAt, expiresAt } = stored;
    const id = shelfId(userId, kind, index, madeAt);
    return [
      { id, title, anchorId: anchor?.id ?? null, items: shown.map(({ item }) => item), madeAt, expiresAt },
    ];
  });
}

const counts = ({ isRefused, isForgotten }: KnownTrack): boolean => !isRefused && !isForgotten;

/** What came to nothing is not kept: it may come to something at the next look. */
async function make(deps: ShelfDeps, userId: string, kind: ShelfKind, madeAt: Date): Promise<StoredShelf> {
  const content = await MAKERS[kind](deps, userId, madeAt);
  const expiresAt = kind === 'DISCOVER_WEEKLY' ? weekOf(madeAt).endsAt : new Date(madeAt.getTime() + DAY_MS);
  const shelf = { content, madeAt, expiresAt };
  return content.some(({ items }) => items.length > 0) ? keepShelf(deps, userId, kind, shelf) : shelf;
}

function idsOf({ anchorId, items }: ShelfContent[number]): string[] {
  const named = items.flatMap(({ trackId, reason }) =>
    'anchorId' in reason ? [trackId, reason.anchorId] : [trackId],
  );
  return anchorId === null ? named : [anchorId, ...named];
}

function titleOf(
  words: Words,
  kind: ShelfKind,
  anchor: KnownTrack | null,
  tracks: readonly KnownTrack[],
): string {
  if (kind === 'DISCOVER_WEEKLY') return words.lists.discoverWeekly;
  return anchor ? words.lists.becauseYouListened(words.quote(anchor.title)) : nameMix(words, tracks);
}
