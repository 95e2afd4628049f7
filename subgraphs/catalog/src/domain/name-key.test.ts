import { expect, it } from '@jest/globals';

import { nameKeyOf } from './name-key.ts';

it.each([
  ['  Élan ', 'elan'],
  ['AC/DC', 'ac dc'],
  ['Sigur Rós', 'sigur ros'],
  ['Motörhead', 'motorhead'],
  ['Mø', 'mo'],
  ['Ｆｕｌｌ　Ｗｉｄｔｈ', 'full width'],
  ['İstanbul', 'istanbul'],
  ['Tyler, The Creator', 'tyler the creator'],
  ['Би-2', 'би 2'],
  ['Мумий Тролль', 'мумий тролль'],
  ['Чёрный Обелиск', 'чёрный обелиск'],
  ['宇多田ヒカル', '宇多田ヒカル'],
  ['ガガガ', 'ガガガ'],
  ['!!!', '!!!'],
  ['', ''],
])('%j is found by %j', (name, key) => {
  expect(nameKeyOf(name)).toBe(key);
  expect(nameKeyOf(key)).toBe(key);
});
