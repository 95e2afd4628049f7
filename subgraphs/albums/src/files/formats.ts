import type { PlaylistText } from './entry.ts';
import { readJspf, writeJspf } from './jspf.ts';
import { readM3u8, writeM3u8 } from './m3u8.ts';
import { readXspf, writeXspf } from './xspf.ts';

interface Format {
  readonly extension: string;
  readonly mediaType: string;
  write(playlist: PlaylistText): string;
  read(content: string): PlaylistText;
}

export const FORMATS = {
  M3U8: {
    extension: 'm3u8',
    mediaType: 'audio/x-mpegurl; charset=utf-8',
    write: writeM3u8,
    read: readM3u8,
  },
  XSPF: { extension: 'xspf', mediaType: 'application/xspf+xml', write: writeXspf, read: readXspf },
  JSPF: { extension: 'jspf', mediaType: 'application/jspf+json', write: writeJspf, read: readJspf },
} as const satisfies Record<string, Format>;
export type FormatName = keyof typeof FORMATS;

/** By how it begins. */
export function formatOf(content: string): FormatName {
  const start = content.trimStart();
  if (start.startsWith('<')) return 'XSPF';
  return start.startsWith('{') ? 'JSPF' : 'M3U8';
}
