import { newId } from '@volna/events';
import { withClient } from '@volna/platform/database';

const ARTISTS = 5_000;
const TRACKS_OF_ALBUM = 10;
const BATCH = 5_000;
const GENRES = ['ambient', 'techno', 'rock', 'hip hop', 'jazz', 'folk', 'шансон', 'post-punk'];
/** Of what syllables are made, in each script: how they begin, their vowels, how they end. */
const LATIN = [
  [
    '',
    'b',
    'c',
    'd',
    'f',
    'g',
    'h',
    'l',
    'm',
    'n',
    'p',
    'r',
    's',
    't',
    'v',
    'w',
    'st',
    'tr',
    'th',
    'br',
    'cl',
  ],
  ['a', 'e', 'i', 'o', 'u', 'ee', 'ou', 'ai'],
  ['', '', '', 'n', 'r', 's', 't', 'l', 'nd', 'ck', 'm'],
] as const;
const CYRILLIC = [
  ['', 'б', 'в', 'г', 'д', 'ж', 'з', 'к', 'л', 'м', 'н', 'п', 'р', 'с', 'т', 'ч', 'ст', 'пр', 'кр', 'вл'],
  ['а', 'е', 'и', 'о', 'у', 'ы', 'я', 'ю'],
  ['', '', '', 'н', 'р', 'с', 'т', 'ль', 'сть', 'к', 'м'],
] as const;

export interface Words {
  /** The commonest first: they are drawn by Zipf's law. */
  readonly latin: readonly string[];
  readonly cyrillic: readonly string[];
}

export interface Library extends Words {
  readonly titles: readonly string[];
  readonly artists: readonly string[];
}

/** Facts of a library as search keeps them; the texts are made of them by a reindex. */
export async function makeLibrary(url: string, size: number, random: () => number): Promise<Library> {
  const words = { latin: makeWords(LATIN, random), cyrillic: makeWords(CYRILLIC, random) };
  const ownerId = newId('User');
  const artists = Array.from({ length: ARTISTS }, () => ({
    id: newId('Artist'),
    name: say(words, 2, random),
  }));
  const titles = Array.from({ length: size }, () => say(words, 4, random));
  await withClient(url, async (client) => {
    await client.query(
      `INSERT INTO search_entry (id, kind, owner_id, is_public, artist_id, genre_keys, title, plays)
       SELECT id, 'ARTIST', $1, TRUE, id, '{}', name, 0 FROM unnest($2::text[], $3::text[]) AS a(id, name)`,
      [ownerId, artists.map(({ id }) => id), artists.map(({ name }) => name)],
    );
    for (let from = 0; from < size; from += BATCH) {
      const tracks = titles.slice(from, from + BATCH).map((title) => {
        const artist = artists[Math.floor(random() ** 2 * ARTISTS)];
        return {
          id: newId('Track'),
          title,
          artistId: artist?.id,
          artistName: artist?.name,
          year: 1960 + Math.floor(random() * 65),
          genre: GENRES[Math.floor(random() ** 2 * GENRES.length)],
          plays: Math.floor(1 / (random() + 0.0001)),
        };
      });
      await client.query(
        `WITH t AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS t(id text, title text, "artistId" text,
            "artistName" text, year int, genre text, plays int)),
          entries AS (
            INSERT INTO search_entry (id, kind, owner_id, is_public, artist_id, year, genre_keys, title, plays)
            SELECT id, 'TRACK', $1, TRUE, "artistId", year, ARRAY[genre], title, plays FROM t)
         INSERT INTO indexed_track (id, owner_id, artist_id, artist_name, title, recording_key, duration_ms, year,
           genres, tags, tempo, plays, announced, created_at, described_at, credited_ids)
         SELECT id, $1, "artistId", "artistName", title, id, 200000, year, ARRAY[genre], '{}', 120, plays, 'WORDS',
           now(), now(), '{}' FROM t`,
        [ownerId, JSON.stringify(tracks)],
      );
    }
    await client.query(
      `WITH numbered AS (SELECT id, artist_id, (row_number() OVER (ORDER BY id) - 1) / $2 AS album FROM indexed_track),
         albums AS (SELECT album, min(artist_id) AS artist_id, array_agg(id) AS track_ids FROM numbered GROUP BY album),
         named AS (SELECT 'alb_' || md5(album::text) AS id, * FROM albums),
         entries AS (
           INSERT INTO search_entry (id, kind, owner_id, is_public, artist_id, genre_keys, title)
           SELECT n.id, 'ALBUM', $1, TRUE, n.artist_id, '{}', e.title
           FROM named n JOIN search_entry e ON e.id = n.track_ids[1])
       INSERT INTO album_tracks (album_id, track_ids) SELECT id, track_ids FROM named`,
      [ownerId, TRACKS_OF_ALBUM],
    );
    await client.query('ANALYZE search_entry, indexed_track, album_tracks');
  });
  return { ...words, titles, artists: artists.map(({ name }) => name) };
}

function makeWords(parts: readonly (readonly string[])[], random: () => number): string[] {
  const words = new Set<string>();
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  while (words.size < 15_000) {
    const length = 1 + Math.floor(random() * 3);
    const word = Array.from({ length }, () => parts.map(pick).join('')).join('');
    if (word.length > 2) words.add(word);
  }
  return [...words];
}

/** One to so many words of one script. */
function say({ latin, cyrillic }: Words, most: number, random: () => number): string {
  const words = random() < 0.5 ? latin : cyrillic;
  const length = 1 + Math.floor(random() * most);
  // the n-th word as often as 1/n, nearly
  return Array.from({ length }, () => words[Math.floor(words.length ** random()) - 1]).join(' ');
}
