import { describe, expect, it } from '@jest/globals';
import { cleanLine, cleanLines } from '@volna/platform/clean-text';

import { NewAccount, passwordFor, uniqueKey, Username } from '../domain/account-rules.ts';
import { lookAlikeKey } from './look-alike-key.ts';

const isUsername = (name: string) => Username.safeParse(name).success;

const isGood = (password: string) =>
  passwordFor(['Peter.Parker', 'spider@example.org']).safeParse(password).success;

describe('a username', () => {
  it.each([
    'alice',
    'Ann-Marie_2',
    'зоя.петрова',
    'さくらサクラ桜',
    'kana桜',
    'नमस्ते',
    'محمد',
    '김철수',
    'παύλος',
    'ÅsaÖ',
  ])('may be %s', (name) => expect(isUsername(name)).toBe(true));

  it.each([
    ['two letters', 'ab'],
    ['thirty-one letters', 'a'.repeat(31)],
    ['a space', 'a lice'],
    ['a Cyrillic а among Latin letters', 'pаypal'],
    ['a Greek omicron among Latin letters', 'gοοgle'],
    ['a zero-width space', 'ali\u200Bce'],
    ['a zero-width joiner', 'ali\u200Dce'],
    ['a bidi override', 'ali\u202Ece'],
    ['a bidi isolate', 'ali\u2066ce'],
    ['a Hangul filler', 'ali\u3164ce'],
    ['a soft hyphen', 'ali\u00ADce'],
    ['a newline', 'ali\nce'],
    ['letters of a dead script', '𐎀𐎁𐎂'],
    ['letters that are Latin to the eye only', 'ᎪᎠᎷ'],
    ['digits that look like others', 'a৪৭৪'],
    ['four marks on one letter', 'ae\u0316\u0317\u0318\u0319'],
    ['no letter at all', '...'],
  ])('cannot have %s', (_what, name) => expect(isUsername(name)).toBe(false));

  it('is kept as its compatible form', () => expect(Username.parse('Ｂob')).toBe('Bob'));
});

describe('two usernames', () => {
  it.each([
    ['scope', 'ѕсоре'],
    ['Ivan', 'lvan'],
    ['paypal', 'paypa1'],
    ['modern', 'modem'],
    ['ALICE', 'a1ice'],
    ['bob0', 'bobO'],
  ])('%s and %s look alike', (one, other) => {
    expect(uniqueKey(one)).not.toBe(uniqueKey(other));
    expect(lookAlikeKey(one)).toBe(lookAlikeKey(other));
  });

  it.each([
    ['alice', 'alicia'],
    ['anna', 'anya'],
    ['user_a', 'user-a'],
  ])('%s and %s do not', (one, other) => expect(lookAlikeKey(one)).not.toBe(lookAlikeKey(other)));
});

describe('a password', () => {
  it('has 8 to 256 characters', () => {
    expect(isGood('v7-nothx')).toBe(true);
    expect(isGood('v7-noth')).toBe(false);
    expect(isGood('v7-nothx'.repeat(32))).toBe(true);
    expect(isGood(`${'v7-nothx'.repeat(32)}x`)).toBe(false);
  });

  it.each([
    'password',
    'Password123',
    'iloveyou1',
    'QWERTYUIOP',
    'abababababab',
    'PETER.parker',
    'spider@Example.org',
  ])('cannot be %s', (password) => expect(isGood(password)).toBe(false));

  it('is held against the names beside it', () => {
    const input = { username: 'Karolinchen', email: 'longer-name@example.org', displayName: 'Caro Lina' };
    const pathsOf = (password: string) =>
      NewAccount.safeParse({ ...input, password }).error?.issues.map(({ path }) => path);
    expect(pathsOf('karolinchen')).toEqual([['password']]);
    expect(pathsOf('longer-name')).toEqual([['password']]);
    expect(pathsOf('caro lina')).toEqual([['password']]);
    expect(pathsOf('caro linas')).toBeUndefined();
  });
});

describe('text for others', () => {
  it('loses what is not seen and what turns the text around it', () => {
    expect(cleanLine('  DJ\u202E Eve\u0000\u200B \n\t Ra\uFEFFy\u3164 ')).toBe('DJ Eve Ray');
    expect(cleanLine('\u200B\u2066\u00AD')).toBe('');
  });

  it('keeps the joiners of scripts and emoji', () => {
    const written = ['می\u200Cخواهم', '👩\u200D🎤', '❤\uFE0F', 'क्\u200Dष'];
    expect(written.map((text) => cleanLine(text))).toEqual(written.map((text) => text.normalize('NFC')));
  });

  it('keeps four marks on a letter at most', () => {
    expect(cleanLine(`x${'\u0335'.repeat(40)}y`)).toBe(`x${'\u0335'.repeat(4)}y`);
  });

  it('keeps its lines, and two empty ones in succession', () => {
    expect(cleanLines('one \r\ntwo\u2028three\n\n\n\n\n\nfour\n\n')).toBe('one\ntwo\nthree\n\n\nfour');
  });
});
