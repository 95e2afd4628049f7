import { ArtistId, artistCreated, newId, type UserId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import { namesToLookUp, parseArtists } from '../artists/parse-artists.ts';
import type { Transaction } from '../database.ts';
import type { Tags } from '../domain/file-words.ts';
import { nameKeyOf } from '../domain/name-key.ts';
import type { ImportSource } from '../models.ts';

const UNKNOWN = 'Unknown Artist';
const VARIOUS = 'Various Artists';
const MAX_NAME = 120;
/** Files of a folder that are looked at. */
const MAX_NEIGHBOURS = 500;
/** Behind every path. */
const LAST = '\u{10FFFF}';

export interface Pages {
  /** Of the track's first main artist. */
  readonly track: ArtistId;
  /** Of the album's artist. */
  readonly album: ArtistId;
}

/**
 * The pages of the source's owner that a file belongs on; they are made where they are missing. The caller holds the
 * owner's imports, so that there is one page a name.
 */
export async function findPages(
  tx: Transaction,
  source: ImportSource,
  { path, title, tags }: { readonly path: string; readonly title: string; readonly tags: Tags },
): Promise<Pages> {
  if (source.artistId) {
    const id = ArtistId.parse(source.artistId);
    return { track: id, album: id };
  }
  const artist = await mainArtistOf(tx, title, tags);
  const albumArtist =
    tags.albumArtist ??
    (await albumArtistBeside(tx, source, path, tags)) ??
    (tags.isCompilation ? VARIOUS : artist);
  const { ownerId } = source;
  return { track: await findPage(tx, ownerId, artist), album: await findPage(tx, ownerId, albumArtist) };
}

/** Whom most files of the folder name for this album, where this one names nobody. */
async function albumArtistBeside(
  tx: Transaction,
  { id }: ImportSource,
  path: string,
  { album }: Tags,
): Promise<string | null> {
  if (!album) return null;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  // paths are sorted by their bytes, and `0` follows `/`
  const end = folder === '' ? LAST : `${folder.slice(0, -1)}0`;
  const [most] = await tx.$queryRaw<{ name: string }[]>`
    SELECT tags ->> 'albumArtist' AS name FROM (
      SELECT path, tags FROM import_file WHERE source_id = ${id} AND path > ${folder} AND path < ${end}
      ORDER BY path LIMIT ${MAX_NEIGHBOURS}) f
    WHERE tags ->> 'album' = ${album} AND tags ? 'albumArtist'
      AND strpos(substr(path, length(${folder}) + 1), '/') = 0
    GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`;
  return most?.name ?? null;
}

async function mainArtistOf(tx: Transaction, title: string, tags: Tags): Promise<string> {
  const { artist, artists } = tags;
  // whom the file names besides has no page of their own by this
  const stated = { page: '', title, artist, artists };
  const keys = namesToLookUp(stated);
  const pages = await tx.artist.findMany({ where: { nameKey: { in: keys } }, select: { nameKey: true } });
  const known = new Set(pages.map(({ nameKey }) => nameKey));
  const main = parseArtists(stated, (key) => known.has(key)).find(({ role }) => role === 'MAIN');
  return main?.name ?? tags.albumArtist ?? UNKNOWN;
}

async function findPage(tx: Transaction, ownerId: string, raw: string): Promise<ArtistId> {
  const name = Array.from(raw).slice(0, MAX_NAME).join('').trim() || UNKNOWN;
  const nameKey = nameKeyOf(name);
  const known = await tx.artist.findFirst({
    where: { ownerId, nameKey },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  if (known) return ArtistId.parse(known.id);
  const id = newId('Artist');
  await tx.artist.create({ data: { id, ownerId, name, nameKey } });
  await tx.outbox.create({
    data: outboxRow(artistCreated, { artistId: id, ownerId: ownerId as UserId, name }),
  });
  return id;
}
