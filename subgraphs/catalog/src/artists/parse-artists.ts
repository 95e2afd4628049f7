import { nameKeyOf } from '../domain/name-key.ts';
import type { CreditRole } from '../generated/prisma/client.ts';
import { isKnownAct } from './known-acts.ts';
import { parseTitle } from './parse-title.ts';
import { type Names, splitNames } from './split-names.ts';

/** What a file, or whoever uploads it, says of a track's makers. */
export interface StatedArtists {
  /** The page that the track is on. */
  readonly page: string;
  readonly title: string;
  readonly artist?: string | undefined;
  /** The names of `artist` one by one. */
  readonly artists?: readonly string[] | undefined;
  readonly remixer?: string | undefined;
  readonly composer?: string | undefined;
}

export interface ParsedCredit {
  readonly role: CreditRole;
  readonly name: string;
}

/** Guests in brackets: `A (feat. B)`. */
const GUESTS = /\s*[([]\s*(?:feat\.?|ft\.?|featuring|при\s+уч(?:\.|астии))\s+([^()[\]]+)[)\]]\s*/giu;
/** Composers are people, of two words or more each, and are told apart by slashes as well. */
const COMPOSERS = /\s*[;/]\s*/u;
const PEOPLE = /\s*,\s+(?:(?:&|and|и)\s+)?|\s+(?:&|and|и)\s+/iu;

/**
 * Everybody who has made a track, once in each part, as written. `isPage` tells folded names of artist pages; names
 * of those, of known acts, and names that the file lists by themselves are never split, and in doubt no name is.
 */
export function parseArtists(stated: StatedArtists, isPage: (key: string) => boolean): ParsedCredit[] {
  const listed = listedOf(stated);
  const own = nameKeyOf(stated.page);
  const sure = new Set([own, ...listed.map(nameKeyOf)]);
  const names: Names = {
    isSure: (key) => sure.has(key),
    isKnown: (key) => sure.has(key) || isKnownAct(key) || isPage(key),
  };
  const { main, featured } = readArtist(stated.artist ?? '', names);
  const title = parseTitle(stated.title, names);
  const guests = [...featured, ...title.featured];
  const remixers = [...title.remixers, ...readList(stated.remixer, names)];
  // who is listed without having another part is a main artist
  const others = listed.filter((name) => ![...guests, ...remixers].some((other) => isSame(name, other)));
  const roles: [CreditRole, readonly string[]][] = [
    ['MAIN', [stated.page, ...main, ...others]],
    ['FEATURED', guests],
    ['REMIXER', remixers],
    ['PRODUCER', title.producers],
    ['COMPOSER', readComposers(stated.composer, names)],
  ];
  return onceEach(roles.flatMap(([role, all]) => all.map((name) => ({ role, name: name.trim() }))));
}

/** Folded names that the parser would know more by: those to look for among artist pages. */
export function namesToLookUp(stated: StatedArtists): string[] {
  const asked = new Set<string>();
  parseArtists(stated, (key) => {
    asked.add(key);
    return false;
  });
  return [...asked];
}

/** Readers that know one name alone give that as the list, too: it proves nothing. */
function listedOf({ artist, artists = [] }: StatedArtists): readonly string[] {
  const [only] = artists;
  if (artists.length === 1 && only && (!artist || isSame(only, artist))) return artist ? [] : [only];
  return artists;
}

function readArtist(text: string, names: Names) {
  const isOne = names.isKnown(nameKeyOf(text));
  const inBrackets = isOne ? [] : [...text.matchAll(GUESTS)].map(([, guests = '']) => guests);
  const { main, featured } = splitNames(isOne ? text : text.replaceAll(GUESTS, ' '), names);
  return { main, featured: [...featured, ...inBrackets.flatMap((guests) => readList(guests, names))] };
}

function readList(text: string | undefined, names: Names): string[] {
  const { main, featured } = splitNames(text ?? '', names, true);
  return [...main, ...featured];
}

function readComposers(text: string | undefined, names: Names): string[] {
  if (!text || names.isKnown(nameKeyOf(text))) return text ? [text] : [];
  return text.split(COMPOSERS).flatMap((part) => {
    const people = part.split(PEOPLE);
    return people.every((name) => /\S\s+\S/u.test(name)) ? people : [part];
  });
}

const isSame = (left: string, right: string) => nameKeyOf(left) === nameKeyOf(right);

/** Each once in each part; a main artist is no guest as well. */
function onceEach(credits: readonly ParsedCredit[]): ParsedCredit[] {
  const seen = new Set<string>();
  return credits.filter(({ role, name }) => {
    const key = nameKeyOf(name);
    const isRepeated = seen.has(`${role} ${key}`) || (role === 'FEATURED' && seen.has(`MAIN ${key}`));
    seen.add(`${role} ${key}`);
    return key !== '' && !isRepeated;
  });
}
