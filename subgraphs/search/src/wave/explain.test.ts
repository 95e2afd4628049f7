import { describe, expect, it } from '@jest/globals';

import type { Decision } from './decision.ts';
import { explain } from './explain.ts';
import { readLanguage } from './languages.ts';
import { aLikedReason, SOME_TERMS } from './testing-library.ts';

const record = { passed: [], relaxed: [], terms: SOME_TERMS };
const anchored = { anchorId: 'a', anchorTitle: 'X', similarity: 0.6, weight: 1, traits: [], ...record };

describe('explain', () => {
  it('claims a likeness only where there is one', () => {
    const liked = aLikedReason('a', { anchorTitle: 'X' });
    expect(explain({ ...liked, similarity: 0.6 }, 'b')).toBe('Because you like “X”.');
    expect(explain({ ...liked, similarity: 0.3 }, 'b')).toBe(
      'Among the nearest here to “X”, which you like.',
    );
  });

  it('mentions what was asked for', () => {
    const near = aLikedReason('a', { anchorTitle: 'X', similarity: 0.6, asked: 'calm' });
    expect(explain(near, 'b')).toBe('Calm, and near to “X”, which you like.');
    expect(explain({ kind: 'POPULAR', plays: 1, ...record, asked: 'fit for sleep' }, 'b')).toBe(
      'Fit for sleep. Popular here: played 1 time.',
    );
  });

  it.each([
    [{ kind: 'LISTENERS', support: 4, ...anchored }, '4 listeners of “X” play it too.'],
    [{ kind: 'GENRE', genre: 'dub', ...anchored }, 'Dub, like “X”, which is to your taste.'],
    [
      { kind: 'ARTIST', artistId: 'b', artistName: 'Waders', isSameArtist: true, ...anchored },
      'More of Waders: “X” is to your taste.',
    ],
    [
      { kind: 'ARTIST', artistId: 'b', artistName: 'Waders', isSameArtist: false, ...anchored },
      'Waders sounds like “X”, which is to your taste.',
    ],
    [
      { kind: 'ARTIST', artistId: 'b', artistName: 'Waders', isSameArtist: true, isSeed: true, ...anchored },
      'More of Waders, who is part of what this wave began from.',
    ],
    [{ kind: 'GENRE', genre: 'dub', isSeed: true, ...anchored }, 'Dub, like what this wave began from.'],
  ] as [Decision, string][])('names the ground: %#', (decision, text) => {
    expect(explain(decision, 'b')).toBe(text);
  });

  it('speaks Russian to who reads it', () => {
    const liked = aLikedReason('a', { anchorTitle: 'X' });
    expect(explain({ ...liked, similarity: 0.6 }, 'b', 'ru')).toBe('Потому что вам нравится «X».');
    expect(
      explain({ ...liked, source: 'ADDED', similarity: 0.6, asked: 'calm and fit for work' }, 'b', 'ru'),
    ).toBe('Спокойное, для работы; похоже звучит «X» — это вы добавили в плейлист.');
    expect(explain({ kind: 'POPULAR', plays: 3, ...record }, 'b', 'ru')).toBe(
      'Популярно здесь: 3 прослушивания.',
    );
    expect(explain({ kind: 'EXPLORING', testing: 'slow music', ...record }, 'b', 'ru')).toBe(
      'Пробуем другое: медленная музыка.',
    );
    expect(
      ['ru', 'ru-RU,en;q=0.5', 'de, ru', 'en-GB,ru', 'fr', ''].map((read) => readLanguage(read)),
    ).toEqual(['ru', 'ru', 'ru', 'en', 'en', 'en']);
  });

  it.each([
    [
      aLikedReason('a', { anchorTitle: 'X', similarity: 0.3 }),
      'Среди самого похожего здесь на «X» — это вам нравится.',
    ],
    [
      { ...aLikedReason('a', { anchorTitle: 'X', similarity: 0.6 }), source: 'FINISHED' },
      'Потому что вы дослушали до конца трек «X».',
    ],
    [
      { kind: 'SEED', seed: 's', seedTitle: 'Кино', ...anchored },
      'Потому что с этого началась волна: «Кино».',
    ],
    [
      { kind: 'SEED', seed: 's', seedTitle: 'Кино', ...anchored, similarity: 0.3 },
      'Среди самого похожего здесь на «Кино» — с этого началась волна.',
    ],
    [
      { kind: 'ARTIST', artistId: 'b', artistName: 'Анна Рябинина', isSameArtist: true, ...anchored },
      'Исполнитель — Анна Рябинина: «X» вам по вкусу.',
    ],
    [
      { kind: 'ARTIST', artistId: 'b', artistName: 'Анна Рябинина', isSameArtist: false, ...anchored },
      'Анна Рябинина звучит похоже на то, что вам по вкусу: «X».',
    ],
    [{ kind: 'GENRE', genre: 'folk', ...anchored }, 'Folk, как «X» — это вам по вкусу.'],
    [{ kind: 'LISTENERS', support: 4, ...anchored }, 'Это слушают и 4 слушателя трека «X».'],
  ] as [Decision, string][])('leaves names as they are in Russian: %#', (decision, text) => {
    expect(explain(decision, 'b', 'ru')).toBe(text);
  });

  it('says so where the index of sounds did not answer', () => {
    const text = explain({ kind: 'POPULAR', plays: 7, ...record, degraded: true }, 'b');
    expect(text).toMatch(/^Popular here: played 7 times\. \(What sounds alike cannot be looked up now/);
  });
});
