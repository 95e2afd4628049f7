/** Of more words than these no neighbours are joined. */
const MAX_WORDS = 8;
/** Nobody writes more, or less, as one word. */
const [MIN_JOINED, MAX_JOINED] = [5, 40];
/** Begins what is joined, so that it is not found as a word that begins so: a letter that `normalise` leaves in no text. */
const MARK = 'ß';

/** What a text may be written as together: each two neighbouring words as one, and all of them; marked. */
export function joinedWords(normal: string): string[] {
  return pairsOf(normal).map(({ joined }) => `${MARK}${joined}`);
}

/** A word as it may be written apart; null where it is too short for that. */
export function asJoined(word: string): string | null {
  return word.length < MIN_JOINED || word.length > MAX_JOINED ? null : `${MARK}${word}`;
}

/** A query with two of its neighbouring words written as one, in each way, and with all of them. */
export function joinings(normal: string): string[] {
  return pairsOf(normal).map(({ whole }) => whole);
}

function pairsOf(normal: string): { joined: string; whole: string }[] {
  const words = normal.split(' ');
  if (words.length < 2 || words.length > MAX_WORDS) return [];
  const pairs = words.slice(1).map((word, at) => {
    const joined = `${words[at]}${word}`;
    return { joined, whole: [...words.slice(0, at), joined, ...words.slice(at + 2)].join(' ') };
  });
  const all = words.join('');
  return [...pairs, ...(words.length > 2 ? [{ joined: all, whole: all }] : [])].filter(
    ({ joined }) => asJoined(joined) !== null,
  );
}
