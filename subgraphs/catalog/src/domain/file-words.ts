import type { FileTags } from '@volna/events';
import type { z } from 'zod';

import type { Transaction } from '../database.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { setGenres } from '../genres/spell-genres.ts';
import type { Track } from '../models.ts';
import { Genre, keyOfTitle, line, MAX_GENRES, prose, Title, Year } from './input.ts';
import { Lyrics } from './lyrics.ts';
import { DiscNumber, Isrc, Language, setLyrics, TrackNumber } from './track-fields.ts';

export type Tags = z.output<typeof FileTags>;

const MAX_TITLE = 300;
const MAX_LYRICS = 20_000;
const AlbumTitle = line('an album title', MAX_TITLE);
const PlainLyrics = prose('lyrics', MAX_LYRICS);

/** What the tags of a file say that the uploader has left open. What they say wrongly, they do not say. */
export function wordsOfFile(track: Track, tags: Tags): Prisma.TrackUncheckedUpdateInput {
  const title = Title.safeParse(tags.title?.slice(0, MAX_TITLE));
  const said = {
    year: Year.safeParse(tags.year).data,
    trackNumber: TrackNumber.safeParse(tags.trackNumber).data,
    discNumber: DiscNumber.safeParse(tags.discNumber).data,
    albumTitle: AlbumTitle.safeParse(tags.album?.slice(0, MAX_TITLE)).data,
    language: Language.safeParse(tags.language).data,
    explicit: tags.explicit,
    isrc: Isrc.safeParse(tags.isrc).data,
  };
  const open = Object.entries(said).filter(
    ([name, value]) =>
      value !== undefined && track[name as keyof typeof said] === null && !track.fieldsGiven.includes(name),
  );
  return {
    ...(!track.titleGiven && title.success ? { title: title.data, titleKey: keyOfTitle(title.data) } : {}),
    ...Object.fromEntries(open),
  };
}

/** The lyrics of a file, where the uploader has given none. What looks like LRC and is none is plain. */
export async function saveFileLyrics(tx: Transaction, trackId: string, tags: Tags): Promise<void> {
  const given = await tx.trackLyrics.findUnique({ where: { trackId } });
  const text = tags.lyrics?.slice(0, MAX_LYRICS);
  if (given?.source === 'USER' || !text) return;
  const read = Lyrics.safeParse(text).data ?? { text: PlainLyrics.safeParse(text).data ?? '', lines: null };
  const language = Language.safeParse(tags.language).data ?? null;
  if (read.text) await setLyrics(tx, trackId, 'FILE', { ...read, language });
}

/** Gives the genre that people state: the uploader's, else the file's. */
export async function saveFileGenres(
  tx: Transaction,
  trackId: string,
  { genre, genres = genre ? [genre] : [] }: Tags,
): Promise<string | null> {
  const stated = genres.flatMap((tag) => Genre.safeParse(tag.slice(0, 60)).data ?? []).slice(0, MAX_GENRES);
  const [first] = await setGenres(
    tx,
    trackId,
    'FILE',
    stated.map((name) => ({ name, confidence: 1 })),
  );
  const given = await tx.trackGenre.findFirst({ where: { trackId, source: 'USER' } });
  return given?.name ?? first?.name ?? null;
}
