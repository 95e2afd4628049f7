import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { nameKeyOf } from '../domain/name-key.ts';
import { KNOWN_ACTS } from './known-acts.ts';
import { namesToLookUp, parseArtists, type StatedArtists } from './parse-artists.ts';

const PAGE = 'The Page';

/** `M A | F B` for what is parsed beside the page itself: each by the first letter of the part. */
function parse(stated: Partial<StatedArtists>, pages: readonly string[] = []): string {
  const known = new Set(pages.map(nameKeyOf));
  const credits = parseArtists({ page: PAGE, title: 'Song', ...stated }, (key) => known.has(key));
  expect(credits[0]).toEqual({ role: 'MAIN', name: stated.page ?? PAGE });
  return credits
    .slice(1)
    .map(({ role, name }) => `${role.slice(0, 1)} ${name}`)
    .join(' | ');
}

describe('an artist tag', () => {
  it.each([
    ['A', 'M A'],
    ['A feat. B', 'M A | F B'],
    ['A ft. B', 'M A | F B'],
    ['A ft B', 'M A | F B'],
    ['A Featuring B', 'M A | F B'],
    ['A (feat. B)', 'M A | F B'],
    ['A [ft. B & C]', 'M A | F B | F C'],
    ['A feat. B & C', 'M A | F B | F C'],
    ['A feat. B, C and D', 'M A | F B | F C | F D'],
    ['A при уч. Б', 'M A | F Б'],
    ['A при участии Б и В', 'M A | F Б | F В'],
    ['A vs. B', 'M A | M B'],
    ['A vs The B', 'M A | M The B'],
    ['A x B', 'M A | M B'],
    ['A × B', 'M A | M B'],
    ['А х Б', 'M А | M Б'],
    ['A, B & C', 'M A | M B | M C'],
    ['A, B, and C', 'M A | M B | M C'],
    ['A, B', 'M A | M B'],
    ['А и Б', 'M А | M Б'],
    ['A; B', 'M A | M B'],
    ['A;B', 'M A | M B'],
    ['A / B', 'M A | M B'],
    ['A & B vs. C feat. D', 'M A & B | M C | F D'],
    [' A  feat.  A ', 'M A'],
    ['A、B', 'M A | M B'],
    ['', ''],
  ])('%j is %s', (artist, credits) => {
    expect(parse({ artist })).toBe(credits);
  });

  it.each([
    'A & B',
    'A and B',
    'A + B',
    'A/B',
    'A with B',
    'Lil Nas X',
    'Malcolm X Band',
    'Somebody & The Others',
    'Somebody and His Orchestra',
    'Кто-то и Ко',
    'Некто и друзья',
    'Sammy Davis, Jr.',
    'Beatles, The',
    'D&D',
    '5,6,7,8',
    'Defeat',
    'Daft Punk',
    'Feat',
    'Vsevolod',
    'Иван',
    'Andrea',
    'Maxx',
  ])('%j stays one, in doubt', (artist) => {
    expect(parse({ artist })).toBe(`M ${artist}`);
  });

  it.each(KNOWN_ACTS)('%j stays one, for it is known', (artist) => {
    expect(parse({ artist })).toBe(`M ${artist}`);
    expect(parse({ artist: artist.toUpperCase() })).toBe(`M ${artist.toUpperCase()}`);
  });

  it.each([
    ['Simon and Garfunkel', [], 'M Simon and Garfunkel'],
    ['Simon & Garfunkel feat. Earth, Wind & Fire', [], 'M Simon & Garfunkel | F Earth, Wind & Fire'],
    ['AC/DC, Tyler, The Creator & Би-2', [], 'M AC/DC | M Tyler, The Creator | M Би-2'],
    ['Night & Day', ['Night & Day'], 'M Night & Day'],
    ['Night, Day & Noon', ['Night, Day & Noon'], 'M Night, Day & Noon'],
    ['Night, Day & Noon', ['Day & Noon'], 'M Night | M Day & Noon'],
    ['A x B', ['A X B'], 'M A x B'],
    ['Night & Day', ['Night', 'Day'], 'M Night | M Day'],
    ['Night & Day', ['Night'], 'M Night & Day'],
    ['Night & Day', ['Day & Night'], 'M Night & Day'],
    ['Someone & The Others', ['Someone'], 'M Someone & The Others'],
    ['Someone & The Others', ['Someone', 'The Others'], 'M Someone | M The Others'],
    ['The Page & Guest', [], 'M Guest'],
    ['The Page & The Others', [], 'M The Page & The Others'],
    ['THE PAGE', [], ''],
    ['Король и Шут и Маша и Медведи', [], 'M Король и Шут | M Маша и Медведи'],
  ])('%j with pages %j is %s', (artist, pages, credits) => {
    expect(parse({ artist }, pages)).toBe(credits);
  });

  it.each([
    ['A & B', ['A', 'B'], 'M A | M B'],
    ['A & B feat. C', ['A & B', 'C'], 'M A & B | F C'],
    ['A, B', ['A, B'], 'M A | M B'],
    ['A', ['A', 'B'], 'M A | M B'],
    [undefined, ['A, B'], 'M A, B'],
    [undefined, ['A', 'B x C'], 'M A | M B x C'],
    ['A/B', ['A', 'B'], 'M A | M B'],
  ])('%j with the names %j one by one is %s', (artist, artists, credits) => {
    expect(parse({ artist, artists })).toBe(credits);
  });
});

describe('a title', () => {
  it.each([
    ['Song (X Remix)', 'R X'],
    ['Song (X’s Remix)', 'R X'],
    ["Song [X's Club Remix]", 'R X'],
    ['Song (X Extended Remix)', 'R X'],
    ['Song (X Remix 2019)', 'R X'],
    ['Song (X Remix Edit)', 'R X'],
    ['Song (X & Y Remix)', 'R X | R Y'],
    ['Song - X Remix', 'R X'],
    ['Song (Remixed by X)', 'R X'],
    ['Песня (X Ремикс)', 'R X'],
    ['Song (feat. B)', 'F B'],
    ['Song [feat. B & C]', 'F B | F C'],
    ['Song (ft. B) (X Remix)', 'F B | R X'],
    ['Song (feat. B) [X Remix]', 'F B | R X'],
    ['Song feat. B', 'F B'],
    ['Song feat. B (X Remix)', 'F B | R X'],
    ['Song ft. B - Live', 'F B'],
    ['Song Feat Bee', 'F Bee'],
    ['Song (prod. by P)', 'P P'],
    ['Song (feat. Simon & Garfunkel)', 'F Simon & Garfunkel'],
    ['Song (Simon & Garfunkel Remix)', 'R Simon & Garfunkel'],
    ['Song (Above & Beyond Club Mix)', 'R Above & Beyond'],
    ['Song (Remix)', ''],
    ['Song (Official Remix)', ''],
    ['Song (Extended Club Remix)', ''],
    ['Song (2019 Remix)', ''],
    ['Song (Original Mix)', ''],
    ['Song (Radio Edit)', ''],
    ['Song (Somebody Mix)', ''],
    ['Song (Live at Wembley)', ''],
    ['Song (Remastered 2011)', ''],
    ['Song - 2011 Remaster', ''],
    ['No small feat of strength', ''],
    ['Feature', ''],
    ['Me & You', ''],
    ['A, B & C', ''],
  ])('%j tells of %s', (title, credits) => {
    expect(parse({ title })).toBe(credits);
  });

  it('makes a guest of whoever is listed among the artists', () => {
    const stated = { artist: 'A', artists: ['A', 'B', 'C'], title: 'Song (feat. B) [C Remix]' };
    expect(parse(stated)).toBe('M A | F B | R C');
  });
});

describe('other tags', () => {
  it.each([
    [{ remixer: 'X; Y' }, 'R X | R Y'],
    [{ remixer: 'X', title: 'Song (X Remix)' }, 'R X'],
    [{ composer: 'Lennon/McCartney' }, 'C Lennon | C McCartney'],
    [{ composer: 'John Lennon & Paul McCartney' }, 'C John Lennon | C Paul McCartney'],
    [{ composer: 'Lana Del Rey, Rick Nowels' }, 'C Lana Del Rey | C Rick Nowels'],
    [{ composer: 'Bach, Johann Sebastian' }, 'C Bach, Johann Sebastian'],
    [{ composer: 'AC/DC' }, 'C AC/DC'],
    [{ artist: 'A', composer: 'A', remixer: 'A' }, 'M A | R A | C A'],
  ])('%j tell of %s', (stated, credits) => {
    expect(parse(stated)).toBe(credits);
  });
});

const JOINTS = [', ', ' & ', ' feat. ', ' ft. ', '; ', ' / ', ' x ', ' vs. ', ' и ', ' and ', ' with ', '/'];

it('parses names of known acts back, however they are joined', () => {
  const act = fc.constantFrom(...KNOWN_ACTS);
  const more = fc.array(fc.tuple(fc.constantFrom(...JOINTS), act), { maxLength: 5 });
  const property = fc.property(act, more, (first, rest) => {
    const artist = first + rest.map(([joint, name]) => joint + name).join('');
    const credits = parseArtists({ page: PAGE, title: 'Song', artist }, () => false).slice(1);
    const names = new Map([first, ...rest.map(([, name]) => name)].map((name) => [nameKeyOf(name), name]));
    expect(new Set(credits.map(({ name }) => nameKeyOf(name)))).toEqual(new Set(names.keys()));
  });
  fc.assert(property, { seed: 4, numRuns: 3000 });
});

it('names the same makers whatever it asks for on the way, and never an empty one', () => {
  const word = fc.constantFrom(
    'A',
    'B',
    'feat.',
    '&',
    ',',
    'и',
    'x',
    '(',
    ')',
    '/',
    'The',
    'Remix',
    ';',
    '-',
    'Earth',
    'ft.',
  );
  const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
  const property = fc.property(text, text, text, (artist, title, remixer) => {
    const stated = { page: PAGE, title, artist, remixer };
    const asked = new Set(namesToLookUp(stated));
    for (const { name } of parseArtists(stated, (key) => asked.has(key)))
      expect(nameKeyOf(name)).not.toBe('');
    // with every part known, whole texts are names
    expect(parseArtists(stated, () => true).every(({ name }) => name.length > 0)).toBe(true);
  });
  fc.assert(property, { seed: 4, numRuns: 2000 });
});
