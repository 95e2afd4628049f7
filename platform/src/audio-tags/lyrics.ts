import type { IAudioMetadata } from 'music-metadata';

import { cleanTagLines } from './repair-text.ts';

const MAX_LYRICS = 20_000;
/** ID3's unit of `timestamp` in SYLT; the other one, MPEG frames, gives no times. */
const MILLISECONDS = 2;

/** The words of a song: as LRC where their times are known, else plain. */
export function lyricsOf({ lyrics = [] }: IAudioMetadata['common']): string | undefined {
  const synced = lyrics.find((text) => text.timeStampFormat === MILLISECONDS && text.syncText.length > 0);
  const plain = lyrics.find(({ text }) => text)?.text;
  const text = synced ? synced.syncText.map(asLrc).join('\n') : plain;
  if (!text || text.includes('\uFFFD')) return undefined;
  return cleanTagLines(text, MAX_LYRICS) || undefined;
}

function asLrc({ text, timestamp = 0 }: { text: string; timestamp?: number }): string {
  const minutes = Math.floor(timestamp / 60_000);
  const seconds = (timestamp % 60_000) / 1000;
  const at = `${String(minutes).padStart(2, '0')}:${seconds.toFixed(2).padStart(5, '0')}`;
  return `[${at}]${text.replaceAll(/\s+/g, ' ').trim()}`;
}
