import type { Transaction } from '../database.ts';

/** Words that a file may say of its track as well as a person: a person's stay, whatever the file says later. */
const OF_FILES = ['year', 'trackNumber', 'discNumber', 'language', 'explicit', 'isrc'] as const;
type Word = (typeof OF_FILES)[number];

/** Which of them somebody has just said: null counts, for it takes a value away. */
export function givenIn(said: Readonly<Partial<Record<Word, unknown>>>): Word[] {
  return OF_FILES.filter((name) => said[name] !== undefined);
}

/** Notes that a person has said these, beside those of before. */
export async function noteGiven(tx: Transaction, trackId: string, names: readonly Word[]): Promise<void> {
  if (names.length === 0) return;
  await tx.$executeRaw`
    UPDATE track SET fields_given = ARRAY(SELECT DISTINCT unnest(fields_given || ${[...names]}::text[]) ORDER BY 1)
    WHERE id = ${trackId}`;
}

/** Those that nobody has said, emptied: what a file says now counts for them. */
export function openWords({ fieldsGiven }: { readonly fieldsGiven: readonly string[] }) {
  const open = OF_FILES.filter((name) => !fieldsGiven.includes(name));
  return Object.fromEntries(open.map((name) => [name, null])) as Partial<Record<Word, null>>;
}
