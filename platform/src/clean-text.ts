/** What is not seen, or turns the text around it: controls, bidi and zero-width characters, fillers, unassigned. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** Joiners, which some scripts and emoji are not written without, and the form of an emoji. */
const JOINER = /\u200C|\u200D|\uFE0F/u;
const JOINS = /[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]/u;
const SPACES = /[\t\n\v\f\r\u0085\u2028\u2029\p{Zs}]/gu;
/** More marks on one letter than any writing has paint over the lines around. */
const TOO_MANY_MARKS = /(\p{M}{4})\p{M}+/gu;

/** One line of text for others to read: composed, without what is not seen, spaces made one. */
export function cleanLine(text: string): string {
  return clean(text.replaceAll(SPACES, ' ')).replaceAll(/ +/g, ' ').trim();
}

/** The same, with its lines; two empty ones in succession at most. */
export function cleanLines(text: string): string {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => cleanLine(line));
  return lines
    .join('\n')
    .replaceAll(/\n{4,}/g, '\n\n\n')
    .trim();
}

function clean(text: string): string {
  const characters = Array.from(text.normalize('NFC'));
  const seen = characters.filter((character, at) => {
    if (!UNSEEN.test(character)) return true;
    return JOINER.test(character) && JOINS.test(characters[at - 1] ?? '');
  });
  return seen.join('').replaceAll(TOO_MANY_MARKS, '$1');
}
