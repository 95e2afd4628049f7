import { UserError, UserErrors } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Transaction } from '../database.ts';
import { line } from '../domain/input.ts';
import { nameKeyOf } from '../domain/name-key.ts';
import { readId } from '../domain/read-id.ts';
import { settleOpenness } from '../domain/settle-openness.ts';
import { isAdmin, maySeeArtist } from '../domain/visibility.ts';
import type { UpdateTrackInput } from '../generated/graphql.ts';
import type { CreditRole } from '../generated/prisma/client.ts';
import type { Artist, Track } from '../models.ts';
import { CreditName, MOST_CREDITS } from './credit-from-tags.ts';
import { refuseToLeave } from './delete-artist.ts';
import { linkNames } from './link-names.ts';
import { type NewCredit, writeCredits } from './write-credits.ts';

const Credit = z
  .object({
    role: z.custom<CreditRole>(),
    artistId: z.string().nullish(),
    name: CreditName.nullish(),
    detail: line('a detail', 100).nullish(),
  })
  .refine(
    ({ artistId, name }) => artistId || typeof name === 'string',
    'a credit is by a page, by a name, or by both',
  );
const Input = z.object({
  credits: z.array(Credit).max(MOST_CREDITS, `a track has at most ${MOST_CREDITS} credits`).nullish(),
});
type CreditInput = z.output<typeof Credit>;

type CreditsInput = Pick<UpdateTrackInput, 'trackId' | 'artistId' | 'credits'>;

/**
 * Puts a track on another page of its owner's and writes who made it, as far as the input says so. First in a
 * transaction: it locks pages, which come before tracks. The caller states the track.
 */
export async function setCredits(tx: Transaction, viewer: Viewer, raw: CreditsInput): Promise<void> {
  const { credits } = readInput(Input, raw);
  if (!raw.artistId && credits === undefined) return;
  const { track, page } = await lockBoth(tx, viewer, raw);
  if (page.id !== track.artistId) {
    refuseToLeave(viewer, track.artist, 'artistId');
    await tx.track.update({ where: { id: track.id }, data: { artistId: page.id } });
  }
  const wanted =
    credits === undefined
      ? await keptCredits(tx, track, page)
      : await link(tx, viewer, track, page, credits ?? []);
  await writeCredits(tx, track.id, page, wanted);
  if (credits !== undefined) await tx.track.update({ where: { id: track.id }, data: { creditsGiven: true } });
  // pages may differ in what moderators say of them
  if (page.id !== track.artistId) await settleOpenness(tx, [track.id]);
}

type OnPage = Track & { readonly artist: Artist };

/** The track and the page that it is to be on, both locked. */
async function lockBoth(
  tx: Transaction,
  viewer: Viewer,
  { trackId, artistId }: CreditsInput,
): Promise<{ track: OnPage; page: Artist }> {
  const wanted = artistId ? readId('Artist', artistId) : null;
  await tx.$executeRaw`
    SELECT id FROM artist WHERE id = ${wanted} OR id = (SELECT artist_id FROM track WHERE id = ${trackId})
    ORDER BY id FOR SHARE`;
  await tx.$executeRaw`SELECT id FROM track WHERE id = ${trackId} FOR UPDATE`;
  const track = await tx.track.findUnique({ where: { id: trackId }, include: { artist: true } });
  if (!track) throw new UserError('NOT_FOUND', 'there is no such track of yours', ['trackId']);
  if (!artistId) return { track, page: track.artist };
  const page = wanted && (await tx.artist.findUnique({ where: { id: wanted } }));
  // a track is on a page of its own owner's, whoever edits it
  if (page && page.ownerId === track.ownerId) return { track, page };
  const whose = isAdmin(viewer) ? 'of its owner’s' : 'of yours';
  throw new UserError('NOT_FOUND', `there is no such artist page ${whose}`, ['artistId']);
}

/** What stands there already, without the page that the track leaves. */
async function keptCredits(tx: Transaction, track: Track, page: Artist): Promise<NewCredit[]> {
  const credits = await tx.trackCredit.findMany({
    where: { trackId: track.id },
    orderBy: { position: 'asc' },
  });
  return credits.filter(
    ({ role, artistId }) => role !== 'MAIN' || artistId === page.id || artistId !== track.artistId,
  );
}

async function link(
  tx: Transaction,
  viewer: Viewer,
  { ownerId }: Track,
  page: Artist,
  credits: readonly CreditInput[],
): Promise<NewCredit[]> {
  const pages = await namedPages(tx, viewer, credits);
  const keys = credits.flatMap(({ name }) => (name ? [nameKeyOf(name)] : []));
  const links = await linkNames(tx, keys, { ownerId, isAdmin: isAdmin(viewer) });
  return credits.map(({ role, artistId, name, detail }) => {
    const named = artistId ? pages.get(artistId) : undefined;
    if (named) return { role, detail, artistId: named.id, name: name ?? named.name };
    const key = nameKeyOf(name ?? '');
    const linked = key === page.nameKey ? page.id : (links.get(key) ?? null);
    return { role, detail, artistId: linked, name: name ?? '' };
  });
}

/** The pages that credits name by id: any that the viewer may see. */
async function namedPages(
  tx: Transaction,
  viewer: Viewer,
  credits: readonly CreditInput[],
): Promise<ReadonlyMap<string, Artist>> {
  const ids = credits.flatMap(({ artistId }) => (artistId && readId('Artist', artistId)) || []);
  const found = await tx.artist.findMany({ where: { id: { in: ids } } });
  const seen = new Map(found.filter((page) => maySeeArtist(viewer, page)).map((page) => [page.id, page]));
  const missing = credits.flatMap(({ artistId }, at) =>
    artistId && !seen.has(artistId)
      ? [new UserError('NOT_FOUND', 'there is no such artist', ['credits', String(at), 'artistId'])]
      : [],
  );
  if (missing.length > 0) throw new UserErrors(missing);
  return seen;
}
