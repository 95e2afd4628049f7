import { describe, expect, it } from '@jest/globals';

import { cleanFilename, keyName, titleOfFilename } from './file-name.ts';

describe('cleanFilename', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Music\\Волна.mp3', 'Волна.mp3'],
    ['a\u0000b\r\n.wav', 'ab.wav'],
    ['\u202Egpj.mp3', 'gpj.mp3'],
    ['..', 'upload'],
    ['/', 'upload'],
  ])('makes %j %j', (name, clean) => {
    expect(cleanFilename(name)).toBe(clean);
  });

  it('keeps the ending of a long name', () => {
    const name = cleanFilename(`${'я'.repeat(500)}.flac`);
    expect(Array.from(name)).toHaveLength(200);
    expect(name).toMatch(/я\.flac$/);
  });
});

describe('keyName', () => {
  it.each([
    ['Café del Mar.mp3', 'Cafe-del-Mar.mp3'],
    ['Волна.mp3', 'mp3'],
    ['我', 'file'],
    ['.hidden', 'hidden'],
  ])('makes %j %j', (name, key) => {
    expect(keyName(name)).toBe(key);
  });
});

describe('titleOfFilename', () => {
  it.each([
    ['07 - Night_Drive.flac', 'Night Drive'],
    ['12. Dawn.mp3', 'Dawn'],
    ['1999.mp3', '1999'],
    ['99 Luftballons.mp3', '99 Luftballons'],
    ['_.wav', '_'],
  ])('reads %j as %j', (name, title) => {
    expect(titleOfFilename(name)).toBe(title);
  });
});
