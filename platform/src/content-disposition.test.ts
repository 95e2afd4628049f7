import { describe, expect, it } from '@jest/globals';

import { attachment } from './content-disposition.ts';

describe('attachment', () => {
  it('names a file', () => {
    expect(attachment('song.flac')).toBe(`attachment; filename="song.flac"; filename*=UTF-8''song.flac`);
  });

  it('gives a name that is not ASCII to those who can read it', () => {
    expect(attachment('Волна.mp3')).toBe(
      `attachment; filename="_____.mp3"; filename*=UTF-8''%D0%92%D0%BE%D0%BB%D0%BD%D0%B0.mp3`,
    );
  });

  it.each([
    'a"; filename="b',
    'a\r\nSet-Cookie: x=1',
    '../../etc/passwd',
    'a\\b',
    "it's (1)*!",
    '\ud800',
    '100%',
  ])('lets %j out of neither its quotes nor its header', (name) => {
    const header = attachment(name);

    expect(header).toMatch(/^attachment; filename="[^"\r\n%/\\]*"; filename\*=UTF-8''[\w.~%-]*$/);
    expect(new Headers({ 'content-disposition': header }).get('content-disposition')).toBe(header);
  });
});
