/** File systems take names of 255 bytes. */
const MAX_BYTES = 255;
/** Of a name that goes on for too long, an ending of more is no ending. */
const MAX_EXTENSION = 10;
/** What some file system forbids in a name, what cannot be seen, and what turns the reading direction around. */
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
/** Names of devices on Windows, whatever ends them. */
const DEVICE = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?=\.|$)/i;

/** `Artist - Title.flac`, as a name that every file system takes. */
export function nameFile(words: readonly (string | null | undefined)[], extension: string): string {
  const said = words.map((word) => cleanName(word ?? '')).filter((word) => word !== '');
  const ending = extension === '' ? '' : `.${extension}`;
  const stem = cleanName(cutTo(said.join(' - '), MAX_BYTES - ending.length)).replace(DEVICE, '$&_');
  return `${stem === '' ? 'track' : stem}${ending}`;
}

/** The ending of a name, in small letters, or nothing. */
export function extensionOf(name: string): string {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return ending.length > MAX_EXTENSION ? '' : ending;
}

/** Windows drops spaces and dots at the end, Unix hides what begins with a dot. */
function cleanName(text: string): string {
  return text
    .normalize('NFC')
    .replace(FORBIDDEN, '_')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[\s.]+/, '')
    .replace(/[\s.]+$/, '');
}

/** As many whole characters, as people see them, as there is room for. */
function cutTo(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let [kept, size] = ['', 0];
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    size += Buffer.byteLength(segment);
    // one is left for the mark that a device's name may get
    if (size >= bytes) break;
    kept += segment;
  }
  return kept;
}
