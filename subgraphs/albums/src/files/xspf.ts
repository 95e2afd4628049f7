import { type Entry, type PlaylistText, UnreadableError } from './entry.ts';

const NAMESPACE = 'http://xspf.org/ns/0/';
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** XSPF, version 1. */
export function writeXspf({ title, entries }: PlaylistText): string {
  const tracks = entries.map(
    ({ title: name, artist, durationMs, location }) =>
      `    <track>${element('location', location)}${element('title', name)}${element('creator', artist)}${element(
        'duration',
        durationMs === null ? null : String(durationMs),
      )}</track>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<playlist version="1" xmlns="${NAMESPACE}">
  ${element('title', title)}
  <trackList>
${tracks.join('')}  </trackList>
</playlist>
`;
}

function element(name: string, text: string | null): string {
  return text === null ? '' : `<${name}>${escape(text)}</${name}>`;
}

/** Without the characters that XML 1.0 cannot hold, however they are written. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');
}

/**
 * Reads the elements of XSPF that we match by, wherever they stand. A document type is refused: it could define
 * entities that grow without end.
 */
export function readXspf(content: string): PlaylistText {
  if (/<!DOCTYPE|<!ENTITY/i.test(content)) throw new UnreadableError('a document type is not taken');
  const clean = content.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '');
  if (!/<(?:[\w-]+:)?playlist[\s>]/.test(clean)) throw new UnreadableError('there is no playlist element');
  const tracks = elementsOf(clean, 'track');
  const head = clean.slice(0, clean.search(/<(?:[\w-]+:)?trackList[\s>]/) >>> 0);
  return { title: textOf(head, 'title'), entries: tracks.map(toEntry) };
}

function toEntry(track: string): Entry {
  const duration = Number(textOf(track, 'duration') ?? Number.NaN);
  return {
    title: textOf(track, 'title'),
    artist: textOf(track, 'creator'),
    durationMs: duration > 0 ? Math.round(duration) : null,
    location: textOf(track, 'location') ?? textOf(track, 'identifier'),
  };
}

/** The contents of each element of a name, found in one pass. */
function elementsOf(xml: string, name: string): string[] {
  const found: string[] = [];
  const tag = new RegExp(`<(/?)(?:[\\w-]+:)?${name}(?:\\s[^<>]*)?>`, 'g');
  let from = -1;
  for (const { 0: whole, 1: slash, index } of xml.matchAll(tag)) {
    if (slash && from !== -1) found.push(xml.slice(from, index));
    from = slash || whole.endsWith('/>') ? -1 : index + whole.length;
  }
  return found;
}

function textOf(xml: string, name: string): string | null {
  const [content] = elementsOf(xml, name);
  if (content === undefined) return null;
  const text = content
    .replaceAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_all, data: string) => escape(data))
    .replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (all, decimal, hex, entity) => {
      if (entity) return ENTITIES[String(entity)] ?? all;
      const code = decimal ? Number(decimal) : Number.parseInt(String(hex), 16);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '';
    });
  return text.trim() || null;
}
