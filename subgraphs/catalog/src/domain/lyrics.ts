import { z } from 'zod';

import { prose } from './input.ts';

const MAX_CHARACTERS = 20_000;
const TIME = /^\[(\d{1,3}):(\d{2})(?:[.:](\d{1,3}))?\]\s*/;
/** `[ar:Polar Tide]`: about the whole, not a line of it. */
const ABOUT = /^\[([a-z#]+):(.*)\]$/i;
/** Times of single words, as some programs add them. */
const WORD_TIMES = /<\d{1,3}:\d{2}(?:[.:]\d{1,3})?>\s*/g;

export interface LyricLine {
  readonly startMs: number;
  readonly text: string;
}

export interface ReadLyrics {
  readonly text: string;
  /** In order; null where the times are not known. */
  readonly lines: LyricLine[] | null;
}

/** Plain text, or LRC with its times, offset, and lines that are sung more than once. */
export const Lyrics = prose('the text of lyrics', MAX_CHARACTERS).transform((text, context): ReadLyrics => {
  const read = readLyrics(text);
  if (typeof read !== 'string') return read;
  context.addIssue(read);
  return z.NEVER;
});

/** The lyrics, or what is wrong with them. */
function readLyrics(given: string): ReadLyrics | string {
  if (given === '') return 'lyrics are needed; null takes them away';
  if (!/^\[\d+:/m.test(given)) return { text: given, lines: null };
  const sung: LyricLine[] = [];
  let offsetMs = 0;
  for (const [at, line] of given.split('\n').entries()) {
    const read = readLine(line.trim());
    if (typeof read === 'string') return `line ${at + 1} of the lyrics: ${read}`;
    offsetMs = read.offsetMs ?? offsetMs;
    sung.push(...read.lines);
  }
  const lines = sung
    .map(({ startMs, text }) => ({ startMs: Math.max(0, startMs - offsetMs), text }))
    .toSorted((a, b) => a.startMs - b.startMs);
  const text = lines
    .map((line) => line.text)
    .join('\n')
    .trim();
  if (text === '') return 'the lyrics have times, but no words';
  if (text.length > MAX_CHARACTERS)
    return 'the text of lyrics has at most 20,000 characters, with what is repeated';
  return { text, lines };
}

interface ReadLine {
  readonly lines: LyricLine[];
  /** How much sooner all lines are to be shown. */
  readonly offsetMs?: number;
}

function readLine(line: string): ReadLine | string {
  const starts: number[] = [];
  let rest = line;
  for (let time = TIME.exec(rest); time; time = TIME.exec(rest)) {
    const [whole, minutes, seconds, fraction = ''] = time;
    if (Number(seconds) > 59) return `${whole.trim()} has more than 59 seconds`;
    starts.push(Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(fraction.padEnd(3, '0')));
    rest = rest.slice(whole.length);
  }
  if (/^\[\d/.test(rest)) return `${rest.slice(0, 20)} does not begin with a time such as [01:23.45]`;
  if (starts.length > 0) {
    const text = rest.replaceAll(WORD_TIMES, '').trim();
    return { lines: starts.map((startMs) => ({ startMs, text })) };
  }
  return readAbout(rest);
}

function readAbout(line: string): ReadLine | string {
  const [, name = '', value = ''] = ABOUT.exec(line) ?? [];
  if (line !== '' && name === '') return 'there is no time before it';
  if (name.toLowerCase() !== 'offset') return { lines: [] };
  const offset = /^\s*([+-]?\d{1,7})\s*$/.exec(value)?.[1];
  return offset === undefined
    ? 'an offset is a number of milliseconds'
    : { lines: [], offsetMs: Number(offset) };
}
