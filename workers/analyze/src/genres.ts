/** What the file's own tag says is likely, not sure. */
const TAG_CONFIDENCE = 0.8;
const MAX_GENRES = 3;
const MAX_CHARACTERS = 40;

/**
 * Genres come from the file's tag alone: no recordings with trusted genres were to be had, so there is no
 * model to ask. A tag that names several is split.
 */
export function readGenres(hint: string | null): { name: string; confidence: number }[] {
  const names = (hint ?? '')
    .split(/[;,/|]/)
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name.length <= MAX_CHARACTERS && !/^\(?\d+\)?$/.test(name));
  return [...new Set(names)].slice(0, MAX_GENRES).map((name) => ({ name, confidence: TAG_CONFIDENCE }));
}
