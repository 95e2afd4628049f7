import { nameKeyOf } from '../domain/name-key.ts';
import { type Names, splitNames } from './split-names.ts';

export interface TitleCredits {
  readonly featured: string[];
  readonly remixers: string[];
  readonly producers: string[];
}

/** What stands in brackets, without brackets in it. */
const BRACKETS = /[([]([^()[\]]+)[)\]]/gu;
const FEATURED = /^\s*(?:feat\.?|ft\.?|featuring|при\s+уч(?:\.|астии))\s+(.+)$/iu;
const PRODUCED = /^\s*prod(?:\.|uced)?(?:\s*by)?\s+(.+)$/iu;
/** Without brackets a guest is told by a dot or a capital after it: `No small feat of strength` has none. */
const FEATURED_AFTER =
  /\s(?:(?:feat|ft)\.\s+|(?:feat|ft|featuring|Feat|Ft|Featuring|FEAT|FT)\s+(?=[\p{Lu}\p{Lo}\p{N}]))(.+?)(?=\s+[-–—]\s|\s*[([]|$)/u;
const REMIX = /^(.*?)[’']?s?\s+(?:remix|rmx|ремикс|rework|bootleg)(?:\s+(?:edit|version|\d{4}))?$/iu;
const REMIXED_BY = /^(?:remix(?:ed)?|rework(?:ed)?|ремикс)\s+(?:by|от)\s+(.+)$/iu;
/** In doubt, as in `(Original Mix)`: only where the name is known. */
const MIX = /^(.*?)(?:[’']s)?\s+(?:mix|edit|dub|flip|version)$/iu;
const POSSESSIVE = /[’']s$/u;
/** What kind of a remix it is, and not whose. */
const KINDS =
  'a|the|official|original|extended|radio|club|dance|house|deep|tech|techno|trance|dub|dubstep|bass|drum|vocal|' +
  'instrumental|acoustic|vip|main|short|long|full|album|single|festival|summer|winter|night|chill|lo-?fi|' +
  String.raw`remastered|new|old|\d{4}`;
const KIND = new RegExp(`(?:^|\\s+)(?:${KINDS})$`, 'iu');

/** Who has a part in a track by its title. The title itself stays as it is written. */
export function parseTitle(title: string, names: Names): TitleCredits {
  const found: TitleCredits = { featured: [], remixers: [], producers: [] };
  const notes = [...title.matchAll(BRACKETS)].map(([, note = '']) => note.trim());
  for (const note of notes) readNote(note, names, found);
  const plain = title.replaceAll(BRACKETS, ' ( ');
  const guests = FEATURED_AFTER.exec(plain)?.[1];
  if (guests) found.featured.push(...all(guests, names));
  const afterDash = /\s[-–—]\s+([^-–—]+)$/u.exec(title)?.[1];
  if (afterDash && !/[([]/u.test(afterDash)) found.remixers.push(...remixersOf(afterDash.trim(), names));
  return found;
}

function readNote(note: string, names: Names, found: TitleCredits): void {
  const guests = FEATURED.exec(note)?.[1];
  if (guests) return void found.featured.push(...all(guests, names));
  const producers = PRODUCED.exec(note)?.[1];
  if (producers) return void found.producers.push(...all(producers, names));
  found.remixers.push(...remixersOf(note, names));
}

function remixersOf(note: string, names: Names): string[] {
  const by = REMIXED_BY.exec(note)?.[1];
  if (by) return all(by, names);
  const sure = nameOf(REMIX.exec(note)?.[1]);
  if (sure) return all(sure, names);
  const likely = nameOf(MIX.exec(note)?.[1]);
  return likely && names.isKnown(nameKeyOf(likely)) ? [likely] : [];
}

/** The name without what says only what kind of a mix it is; null where nothing else is there. */
function nameOf(text: string | undefined): string | null {
  let name = text?.trim() ?? '';
  while (KIND.test(name)) name = name.replace(KIND, '').trim();
  return name.replace(POSSESSIVE, '') || null;
}

function all(text: string, names: Names): string[] {
  const { main, featured } = splitNames(text, names, true);
  return [...main, ...featured];
}
