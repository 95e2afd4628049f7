// oxlint-disable no-control-regex -- of a terminal
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { describe, expect, it } from '@jest/globals';

import { openProgressBars, type ProgressBars } from './progress-bars.ts';

const step = (
  stage: string,
  percent: number,
  done = false,
  error: { code: string; message: string } | null = null,
) => ({
  stage,
  percent,
  done,
  error,
});

/** What is written to a terminal of this many columns; to a file where there are none. */
async function write(columns: number | undefined, run: (bars: ProgressBars) => void): Promise<string> {
  const stream = new PassThrough();
  const out = Object.assign(stream, { isTTY: columns !== undefined, columns });
  const bars = openProgressBars(out as unknown as NodeJS.WriteStream, 2);
  run(bars);
  bars[Symbol.dispose]();
  stream.end();
  return text(stream);
}

function play(bars: ProgressBars): void {
  bars.step('a.flac', step('UPLOADING', 0));
  bars.step('b.flac', step('UPLOADING', 5));
  bars.step('a.flac', step('TRANSCODING', 40));
  bars.step('a.flac', step('READY', 100, true));
  bars.step('b.flac', step('FAILED', 0, true, { code: 'NOT_AUDIO', message: 'no sound' }));
}

describe('progress', () => {
  it('is a line for each file that has ended, where lines stay', async () => {
    const lines = (await write(undefined, play)).split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^ +1 of 2 {2}ready +a\.flac, \d+ s$/),
      expect.stringMatching(/^ +2 of 2 {2}failed +b\.flac, \d+ s — NOT_AUDIO: no sound$/),
      '',
    ]);
  });

  it('is one bar a file on a terminal, taken away when it ends', async () => {
    const screen = show(await write(80, play));
    expect(screen).toEqual([
      expect.stringMatching(/^ {2}█{24} 100 % {2}ready +a\.flac$/),
      expect.stringMatching(/^ {2}█░{23} {3}5 % {2}failed +b\.flac — NOT_AUDIO: no sound$/),
      '',
    ]);
  });

  it('has no bar that is wider than the terminal', async () => {
    const name = 'x'.repeat(100);
    const written = await write(40, (bars) => bars.step(name, step('UPLOADING', 1)));
    const widths = written
      .replaceAll(/\u001B\[\d*[AJK]/g, '')
      .split('\n')
      .map((line) => line.length);
    expect(Math.max(...widths)).toBe(39);
  });
});

/** What stands on a screen after this has been written to it. */
function show(written: string): string[] {
  let lines = [''];
  for (const [, up, plain] of written.matchAll(/\u001B\[(\d+)A\u001B\[J|([^\u001B]+)/g)) {
    if (up) lines = [...lines.slice(0, -1 - Number(up)), ''];
    else {
      const [first = '', ...rest] = (plain ?? '').split('\n');
      lines = [...lines.slice(0, -1), (lines.at(-1) ?? '') + first, ...rest];
    }
  }
  return lines;
}
