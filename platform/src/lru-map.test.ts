import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { LruMap } from './lru-map.ts';

describe('a map that forgets', () => {
  it('keeps the half of its size that was used last, whatever else comes', () => {
    const map = new LruMap<number, string>(8);
    for (let key = 0; key < 100; key++) {
      map.set(key, `value ${key}`);
      expect(map.get(0)).toBe('value 0');
      for (let recent = Math.max(0, key - 2); recent <= key; recent++)
        expect(map.get(recent)).toBe(`value ${recent}`);
    }
    expect(map.get(50)).toBeUndefined();
  });

  it('is never heavier than it may be, and says what was said last', () => {
    const step = fc.record({
      key: fc.integer({ min: 0, max: 12 }),
      weight: fc.integer({ min: 1, max: 7 }),
      what: fc.constantFrom('set', 'get', 'delete'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const map = new LruMap<number, { weight: number }>(10, (_key, { weight }) => weight);
        const said = new Map<number, { weight: number }>();
        const wrong = steps.filter(({ key, weight, what }) => {
          if (what === 'set') {
            said.set(key, { weight });
            map.set(key, said.get(key) ?? { weight });
          } else if (what === 'delete') {
            said.delete(key);
            map.delete(key);
          }
          const found = map.get(key);
          return found !== undefined && found !== said.get(key);
        });
        expect(wrong).toEqual([]);
        const kept = [...said].filter(([key]) => map.get(key) !== undefined);
        expect(kept.reduce((sum, [, { weight }]) => sum + weight, 0)).toBeLessThanOrEqual(10);
      }),
      { seed: 7 },
    );
  });

  it('makes a value once', () => {
    const map = new LruMap<string, number>(4);
    let made = 0;
    for (let time = 0; time < 3; time++) expect(map.take('a', () => ++made)).toBe(1);
  });
});
