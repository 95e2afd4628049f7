import { nameKeyOf } from '../domain/name-key.ts';

/** What is known of names, by their folded form: `nameKeyOf`. */
export interface Names {
  /** Whether an act of this name is known: what is one name is never split. */
  readonly isKnown: (key: string) => boolean;
  /** Whether the track is surely by an act of this name: that of its page, or one that the file lists by itself. */
  readonly isSure: (key: string) => boolean;
}

export interface SplitNames {
  /** Before the first `feat.`, and after it. */
  readonly main: string[];
  readonly featured: string[];
}

/** Between two names: how sure it is that there are two. */
type Joint = 'feat' | 'firm' | 'comma' | 'weak' | 'tight';

interface Unit {
  readonly text: string;
  readonly key: string;
  readonly isKnown: boolean;
  /** What stands before it; null before the first. */
  readonly joint: Joint | null;
  /** Exactly as it is written. */
  readonly before: string;
}

/** Without the space behind them, which may belong to the next. */
const JOINTS: readonly (readonly [Joint, string])[] = [
  ['feat', String.raw`\s+(?:feat\.?|ft\.?|featuring|при\s+уч(?:\.|астии))(?=\s)`],
  ['firm', String.raw`\s*;|\s+(?:vs\.?|versus|\/)(?=\s)|\s*×`],
  ['comma', String.raw`\s*,(?=\s)(?:\s+(?:&|and|и)(?=\s))?|\s*[，、]`],
  ['weak', String.raw`\s+(?:&|\+|and)(?=\s)`],
  ['tight', String.raw`[/,]|\s+with(?=\s)`],
];
/** Whether they are two depends on the case: `A x B` and `A и B` are, `Lil Nas X Y` is in doubt. */
const CASED: Readonly<Record<string, Joint>> = {
  x: 'firm',
  х: 'firm',
  и: 'firm',
  X: 'weak',
  Х: 'weak',
  И: 'weak',
};
const ANY = new RegExp(
  [...JOINTS.map(([joint, pattern]) => `(?<${joint}>${pattern})`), String.raw`(?<cased>\s+[xхи](?=\s))`].join(
    '|',
  ),
  'giu',
);
const AND = /^\s*(?:&|\+|and|и)\s*$/iu;
/** What belongs to the name before it. */
const APPENDIX = /^(?:the|jr\.?|sr\.?|i{2,3}|iv|inc\.?|ltd\.?|llc|md|phd|esq\.?|мл\.?|ст\.?)$/iu;
/** `The Wailers`, `His Orchestra`, `Ко`: whoever accompanies somebody is part of one act. */
const COMPANY =
  /^(?:the|his|her|their|los|las|die|co\.?|company|friends|sons|daughters|brothers|sisters|orchestra|band|ensemble|ко|к°|друзья|его|её|ее|группа|оркестр|ансамбль)(?!\p{L})/iu;
/** Whole texts of more names than this are not looked through for names of several parts. */
const MOST_SPAN = 8;

/** Tells the names in a text apart. In doubt they stay one. `isList` says that it holds guests alone, one and all. */
export function splitNames(text: string, names: Names, isList = false): SplitNames {
  const whole = text.trim();
  const key = nameKeyOf(whole);
  if (key === '') return { main: [], featured: [] };
  if (names.isKnown(key)) return { main: [whole], featured: [] };
  const sections = sectionsOf(unitsOf(whole, names));
  const [main = [], ...guests] = sections.map((section, at) => joinUnits(section, names, isList || at > 0));
  return { main, featured: guests.flat() };
}

/** The parts of a text, but for those that are a known name together. */
function unitsOf(text: string, { isKnown }: Names): Unit[] {
  const pieces = piecesOf(text);
  const units: Unit[] = [];
  let nothing = null as Pick<Piece, 'joint' | 'before'> | null;
  for (let from = 0; from < pieces.length;) {
    const until = longestKnown(text, pieces, from, isKnown);
    const [first, last] = [pieces[from], pieces[Math.max(until, from)]];
    if (!first || !last) break;
    const name = text.slice(first.start, last.end);
    const joint: Joint | null = nothing?.joint === 'feat' ? 'feat' : first.joint;
    const before = (nothing?.before ?? '') + first.before;
    // between two joints there may be nothing, as in `A feat. & B`
    nothing = name === '' ? { joint, before } : null;
    const isFirst = units.length === 0;
    if (name) {
      units.push({
        text: name,
        key: nameKeyOf(name),
        isKnown: until >= from,
        joint: isFirst ? null : joint,
        before,
      });
    }
    from = Math.max(until, from) + 1;
  }
  return units;
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly joint: Joint | null;
  readonly before: string;
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let [from, joint]: [number, Joint | null] = [0, null];
  for (const match of [...text.matchAll(ANY), null]) {
    const end = match?.index ?? text.length;
    const start = end - text.slice(from, end).trimStart().length;
    const before = text.slice(pieces.at(-1)?.end ?? 0, start);
    pieces.push({ start, end, joint, before });
    if (!match) break;
    from = end + match[0].length;
    joint = jointOf(match);
  }
  return pieces;
}

function jointOf({ groups = {} }: RegExpExecArray): Joint {
  const { cased } = groups;
  if (cased !== undefined) return CASED[cased.trim()] ?? 'weak';
  return JOINTS.find(([joint]) => groups[joint] !== undefined)?.[0] ?? 'weak';
}

/** Where the longest known name ends that begins with a piece; less than `from` where none does. */
function longestKnown(
  text: string,
  pieces: readonly Piece[],
  from: number,
  isKnown: Names['isKnown'],
): number {
  const start = pieces[from]?.start ?? 0;
  if (start === pieces[from]?.end) return from - 1;
  for (let until = Math.min(pieces.length, from + MOST_SPAN) - 1; until >= from; until--) {
    if (isKnown(nameKeyOf(text.slice(start, pieces[until]?.end)))) return until;
  }
  return from - 1;
}

function sectionsOf(units: readonly Unit[]): Unit[][] {
  const sections: Unit[][] = [[]];
  for (const unit of units) {
    if (unit.joint === 'feat') sections.push([]);
    sections.at(-1)?.push(unit);
  }
  return sections;
}

/** The names of a section, with those put together again that may be one. */
function joinUnits(section: readonly Unit[], names: Names, isGuests: boolean): string[] {
  const isList = isGuests || section.slice(1).some((unit, at) => isComma(unit, section[at]));
  const joined: string[] = [];
  section.forEach((unit, at) => {
    const left = section[at - 1];
    if (!left || isApart(left, unit, names, isList)) joined.push(unit.text);
    else joined.push(`${joined.pop() ?? ''}${unit.before}${unit.text}`);
  });
  return joined;
}

const isComma = (unit: Unit, left: Unit | undefined) =>
  unit.joint === 'comma' && left !== undefined && !APPENDIX.test(unit.text);

function isApart(left: Unit, right: Unit, { isSure }: Names, isList: boolean): boolean {
  if (left.isKnown && right.isKnown) return true;
  if (right.joint === 'feat') return true;
  if (right.joint === 'comma') return !APPENDIX.test(right.text);
  if (right.joint === 'tight') return false;
  if (AND.test(right.before) && COMPANY.test(right.text)) return false;
  return right.joint === 'firm' || isList || isSure(left.key) || isSure(right.key);
}
