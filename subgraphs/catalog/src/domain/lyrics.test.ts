import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { Lyrics } from './lyrics.ts';

const read = (text: string) => Lyrics.parse(text);
const two = (value: number) => String(value).padStart(2, '0');
const refusal = (text: string) => Lyrics.safeParse(text).error?.issues[0]?.message;

describe('lyrics', () => {
  it('are plain where no line has a time', () => {
    expect(read('Белый снег\r\nСерый лёд\n\n[Chorus]\nla')).toEqual({
      text: 'Белый снег\nСерый лёд\n\n[Chorus]\nla',
      lines: null,
    });
  });

  it('are read from LRC, in the order of their times', () => {
    const text = '[ar:Polar Tide]\n[00:12.5]two\n[00:01.25]one\n\n[01:00]three\n[100:00.001]four';
    expect(read(text)).toEqual({
      text: 'one\ntwo\nthree\nfour',
      lines: [
        { startMs: 1250, text: 'one' },
        { startMs: 12_500, text: 'two' },
        { startMs: 60_000, text: 'three' },
        { startMs: 6_000_001, text: 'four' },
      ],
    });
  });

  it('come sooner by their offset, wherever that is stated, and say twice what is sung twice', () => {
    const { lines, text } = read('[00:00.10][00:02.00]la\n[00:01.00]le\n[offset:+500]');
    expect(lines).toEqual([
      { startMs: 0, text: 'la' },
      { startMs: 500, text: 'le' },
      { startMs: 1500, text: 'la' },
    ]);
    expect(text).toBe('la\nle\nla');
  });

  it('lose the times of single words', () => {
    expect(read('[00:01.00]<00:01.00>one <00:01.50>two').lines).toEqual([{ startMs: 1000, text: 'one two' }]);
  });

  it.each([
    ['', 'lyrics are needed; null takes them away'],
    ['[00:01.00]one\n[00:75.00]two', 'line 2 of the lyrics: [00:75.00] has more than 59 seconds'],
    [
      '[00:01.00]one\n[1:2:3]two',
      'line 2 of the lyrics: [1:2:3]two does not begin with a time such as [01:23.45]',
    ],
    ['[00:01.00]one\ntwo', 'line 2 of the lyrics: there is no time before it'],
    ['[00:01.00]one\n[offset:soon]', 'line 2 of the lyrics: an offset is a number of milliseconds'],
    ['[00:01.00]\n[00:02.00]', 'the lyrics have times, but no words'],
    ['x'.repeat(20_001), 'the text of lyrics has at most 20,000 characters'],
    [
      `${'[00:01.00]'.repeat(300)}${'la '.repeat(100)}`,
      'the text of lyrics has at most 20,000 characters, with what is repeated',
    ],
    ['a\u0000b', 'the text of lyrics has no control characters'],
  ])('refuse %j', (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  it('have lines in order and a text that is theirs, whatever they are made of', () => {
    const time = fc.tuple(fc.nat(99), fc.nat(59), fc.nat(99));
    const word = fc.constantFrom('la', 'снег', 'a b', '');
    fc.assert(
      fc.property(fc.array(fc.tuple(time, word), { minLength: 1, maxLength: 30 }), (sung) => {
        const text = sung.map(([[m, s, c], words]) => `[${two(m)}:${two(s)}.${two(c)}]${words}`).join('\n');
        const { data } = Lyrics.safeParse(text);
        expect(data === undefined).toBe(sung.every(([, words]) => words === ''));
        if (!data) return;
        const starts = data.lines?.map(({ startMs }) => startMs) ?? [];
        expect(starts).toEqual(starts.toSorted((a, b) => a - b));
        expect(starts).toHaveLength(sung.length);
        expect(data.text).toBe(
          data.lines
            ?.map((line) => line.text)
            .join('\n')
            .trim(),
        );
      }),
      { seed: 4, numRuns: 100 },
    );
  });
});
