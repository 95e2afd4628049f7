import type { FileTags } from '@volna/events';
import type { z } from 'zod';

import type { Transaction } from '../database.ts';
import { line } from '../domain/input.ts';
import { nameKeyOf } from '../domain/name-key.ts';
import { knownPages, linkNames } from './link-names.ts';
import { namesToLookUp, type ParsedCredit, parseArtists } from './parse-artists.ts';
import { type NewCredit, writeCredits } from './write-credits.ts';

/** Longer texts are no names. */
const MOST_TEXT = 500;
export const MOST_CREDITS = 50;
export const CreditName = line('a name', 200);

type Tags = Pick<z.infer<typeof FileTags>, 'artist' | 'artists' | 'remixer' | 'composer'>;

/**
 * Writes who made a track as its file's tags and its title tell it, unless its uploader has said so. Names mean
 * pages of the track's owner. For every track that is made, once its title is known.
 */
export async function creditFromTags(tx: Transaction, trackId: string, tags: Tags): Promise<void> {
  const track = await tx.track.findUnique({ where: { id: trackId }, include: { artist: true } });
  if (!track || track.creditsGiven) return;
  const { artist: page, title, ownerId } = track;
  const stated = {
    page: page.name,
    title,
    artist: short(tags.artist),
    artists: tags.artists?.flatMap((name) => short(name) ?? []).slice(0, MOST_CREDITS),
    remixer: short(tags.remixer),
    composer: short(tags.composer),
  };
  const known = await knownPages(tx, namesToLookUp(stated));
  const parsed = parseArtists(stated, (key) => known.has(key))
    .flatMap(clean)
    .slice(0, MOST_CREDITS);
  const linking = { ownerId, isAdmin: false };
  const links = await linkNames(
    tx,
    parsed.map(({ name }) => nameKeyOf(name)),
    linking,
  );
  const credits = parsed.map(({ role, name }): NewCredit => {
    const key = nameKeyOf(name);
    return { role, name, artistId: key === page.nameKey ? page.id : (links.get(key) ?? null) };
  });
  // the page's own name stands as the page writes it
  const others = credits.filter(({ role, artistId }) => role !== 'MAIN' || artistId !== page.id);
  await writeCredits(tx, trackId, page, others);
}

const short = (text: string | undefined) => (text && text.length <= MOST_TEXT ? text : undefined);

function clean({ role, name }: ParsedCredit): ParsedCredit[] {
  const cleaned = CreditName.safeParse(name);
  return cleaned.success ? [{ role, name: cleaned.data }] : [];
}
