import type { FileTags } from '@volna/events';
import { asUtf8, cleanTag } from '@volna/platform/audio-tags/repair-text';
import type { z } from 'zod';

type Tags = z.infer<typeof FileTags>;

const MAX_CHARACTERS = 300;

/** The tags that ffprobe knows, from its raw ones (one byte a character, names in any case). */
export function readTags(raw: Readonly<Record<string, string>>): Tags {
  const byName = new Map(Object.entries(raw).map(([name, value]) => [name.toLowerCase(), value]));
  const text = (...names: string[]) => {
    const found = names.map((name) => byName.get(name)).find((value) => value !== undefined);
    return found === undefined ? undefined : readLine(found);
  };
  const year = /(?<!\d)(1[89]\d\d|20\d\d)(?!\d)/.exec(
    text('date', 'year', 'tyer', 'originaldate') ?? '',
  )?.[1];
  const trackNumber = /^\d{1,4}/.exec(text('track', 'tracknumber') ?? '')?.[0];
  const tags = {
    title: text('title'),
    artist: text('artist', 'album_artist'),
    album: text('album'),
    genre: text('genre'),
    year: year === undefined ? undefined : Number(year),
    trackNumber: trackNumber === undefined ? undefined : Number(trackNumber),
  };
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== undefined && value !== ''));
}

/** The line that these bytes mean, each a character of `raw`. */
function readLine(raw: string): string {
  return cleanTag(asUtf8(Buffer.from(raw, 'latin1')) ?? raw, MAX_CHARACTERS);
}
