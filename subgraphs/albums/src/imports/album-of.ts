import type { DataOf, trackImported } from '@volna/events';
import { z } from 'zod';

import { AlbumFields } from '../domain/album-fields.ts';
import { MAX_ALBUM_TRACKS, type Place } from '../domain/album-order.ts';
import { matchKey } from '../text/match-key.ts';

const MAX_TEXT = 200;
const MAX_DISCS = 50;
/** Albums of more tracks than a single, and than an EP. */
const SINGLE = 3;
const EP = 6;

/** What the files of one track say of its album. */
export const ImportedFacts = z.object({
  title: z.string(),
  releaseDate: z.string().nullable(),
  isCompilation: z.boolean(),
  label: z.string().nullable(),
  upc: z.string().nullable(),
});
export type ImportedFacts = z.infer<typeof ImportedFacts>;

export interface ImportedPlace extends Place {
  readonly number: number | null;
  readonly facts: ImportedFacts;
}

/** By what files belong to one album of an artist: its title, however it is spelled. */
export function importKeyOf(title: string): string {
  return matchKey(title) || title.normalize('NFKC').trim().toLowerCase();
}

/** What an event says, within the bounds of an album. What is no date and no UPC is left out. */
export function readFacts({ album }: Pick<DataOf<typeof trackImported>, 'album'>): ImportedFacts {
  const { releaseDate, upc } = AlbumFields.shape;
  return {
    title: album.title.trim().slice(0, MAX_TEXT) || 'Untitled',
    releaseDate: releaseDate.safeParse(album.releaseDate).data ?? null,
    isCompilation: album.isCompilation,
    label: album.label?.trim().slice(0, MAX_TEXT) || null,
    upc: upc.safeParse(album.upc).data ?? null,
  };
}

export function discOf(disc: number): number {
  return Math.min(disc, MAX_DISCS);
}

/** By disc and number; tracks without a number come last. */
export function inOrder<Item extends ImportedPlace>(places: readonly Item[]): Item[] {
  return places
    .toSorted((a, b) => a.disc - b.disc || numberOf(a) - numberOf(b) || (a.trackId < b.trackId ? -1 : 1))
    .slice(0, MAX_ALBUM_TRACKS);
}

/**
 * The album that tracks make, in whatever order they came: of each fact the first track's word that has one counts. A
 * compilation is one as soon as a track says so; else up to three tracks are a single, up to six an EP.
 */
export function albumOf(ordered: readonly ImportedPlace[]) {
  const facts = ordered.map((place) => place.facts);
  const first = <Key extends 'releaseDate' | 'label' | 'upc'>(key: Key) =>
    facts.find((one) => one[key] !== null)?.[key] ?? null;
  return {
    title: facts[0]?.title ?? '',
    type: typeOf(facts),
    releaseDate: first('releaseDate'),
    label: first('label'),
    upc: first('upc'),
  };
}

function typeOf(facts: readonly ImportedFacts[]) {
  if (facts.some(({ isCompilation }) => isCompilation)) return 'COMPILATION';
  if (facts.length <= SINGLE) return 'SINGLE';
  return facts.length <= EP ? 'EP' : 'ALBUM';
}

/** A list that a person has arranged, with one track more: before the first on its disc that has a larger number. */
export function withPlace(
  places: readonly Place[],
  added: ImportedPlace,
  known: ReadonlyMap<string, ImportedPlace>,
): Place[] {
  const isBehind = ({ trackId, disc }: Place) => {
    const other = known.get(trackId);
    return (
      disc > added.disc || (disc === added.disc && other !== undefined && numberOf(other) > numberOf(added))
    );
  };
  const at = places.findIndex(isBehind);
  const place = { trackId: added.trackId, disc: added.disc };
  return places.toSpliced(at === -1 ? places.length : at, 0, place);
}

function numberOf({ number }: ImportedPlace): number {
  return number ?? Number.MAX_SAFE_INTEGER;
}
