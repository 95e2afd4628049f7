import { describe, expect, it } from '@jest/globals';

import { joinedWords, joinings } from './joined.ts';
import { toSearchable } from './searchable.ts';

describe('toSearchable', () => {
  it('forgets case, accents and punctuation', () => {
    expect(toSearchable('  Beyoncé — Don’t, Stop!! ').words).toBe('beyonce dont stop');
    expect(toSearchable('Sigur Rós: Svefn-g-englar').words).toBe('sigur ros svefn g englar');
    expect(toSearchable('ＦＵＬＬ ｗｉｄｔｈ').words).toBe('full width');
    expect(toSearchable('Straße Ærø Łódź').words).toBe('strasse aero lodz');
  });

  it('takes ё for е and leaves й alone, however they are composed', () => {
    expect(toSearchable('Ёлка').words).toBe('елка');
    expect(toSearchable('Ёлка').words).toBe('елка');
    expect(toSearchable('Цой').words).toBe('цой');
    expect(toSearchable('Цой').words).toBe('цой');
  });

  it('keeps the marks that other scripts cannot do without', () => {
    expect(toSearchable('がんばれ').words).toBe('がんばれ');
    expect(toSearchable('हिन्दी').words).toBe('हिन्दी');
  });

  it.each([
    ['Кино', 'kino'],
    ['Вьюга', 'vjuga'],
    ['Вьюга', 'vyuga'],
    ['Чайковский', 'Tchaikovsky'],
    ['Шостакович', 'Shostakovich'],
    ['Хачатурян', 'Khachaturian'],
    ['Щедрин', 'Schedrin'],
  ])('hears «%s» and “%s” alike', (cyrillic, latin) => {
    expect(toSearchable(cyrillic).sound).toBe(toSearchable(latin).sound);
  });

  it('has nothing of a text without letters', () => {
    expect(toSearchable('!!! %_\\ ')).toEqual({ words: '', latin: '', sound: '' });
  });
});

describe('joinedWords', () => {
  it('writes neighbours as one, and all of them, and nothing of a few letters', () => {
    expect(joinedWords('one more time')).toEqual(['ßonemore', 'ßmoretime', 'ßonemoretime']);
    expect(joinings('one more time')).toEqual(['onemore time', 'one moretime', 'onemoretime']);
    expect([joinedWords('ab cd'), joinedWords('nightdrive'), joinedWords('')]).toEqual([[], [], []]);
  });
});
