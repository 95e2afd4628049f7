import type { Entry, PlaylistText } from './entry.ts';

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** Extended M3U in UTF-8. A title or a name with a line break would make a line of its own: it gets a space there. */
export function writeM3u8({ title, entries }: PlaylistText): string {
  const lines = entries.flatMap(({ title: name, artist, durationMs, location }) => [
    `#EXTINF:${durationMs === null ? -1 : Math.round(durationMs / 1000)},${oneLine(
      [artist, name].filter(Boolean).join(' - '),
    )}`,
    oneLine(location ?? ''),
  ]);
  return `${['#EXTM3U', ...(title === null ? [] : [`#PLAYLIST:${oneLine(title)}`]), ...lines].join('\n')}\n`;
}

/** Plain and extended M3U. A line that is no comment is an entry; what is said of it stands before it. */
export function readM3u8(content: string): PlaylistText {
  const entries: Entry[] = [];
  let title: string | null = null;
  let said: Omit<Entry, 'location'> | null = null;
  for (const raw of content.split(/\r\n|\n|\r/)) {
    const line = raw.trim();
    if (line.startsWith('#PLAYLIST:')) title = line.slice('#PLAYLIST:'.length).trim() || null;
    else if (line.startsWith('#EXTINF:')) said = readInfo(line.slice('#EXTINF:'.length));
    else if (line !== '' && !line.startsWith('#')) {
      entries.push({ ...(said ?? namesOf(fileNameOf(line), null)), location: line });
      said = null;
    }
  }
  return { title, entries };
}

/** `213,Artist - Title`; attributes such as `tvg-id="x"` may stand between the seconds and the comma. */
function readInfo(info: string): Omit<Entry, 'location'> {
  const [, seconds = '', rest = ''] = /^\s*(-?[\d.]*)(?:\s+[\w-]+="[^"]*")*\s*,(.*)$/.exec(info) ?? [];
  const length = Number(seconds);
  return namesOf(rest.trim(), length > 0 ? Math.round(length * 1000) : null);
}

function namesOf(text: string, durationMs: number | null): Omit<Entry, 'location'> {
  const at = text.indexOf(' - ');
  if (at === -1) return { artist: null, title: text || null, durationMs };
  return { artist: text.slice(0, at).trim() || null, title: text.slice(at + 3).trim() || null, durationMs };
}

/** `Music/07. Artist - Title.mp3` gives `Artist - Title`. */
function fileNameOf(location: string): string {
  const name = location.split(/[\\/]/).at(-1) ?? '';
  return name.replace(/\.\w{2,5}$/, '').replace(/^\d{1,3}[.\s_-]+/, '');
}
