import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artistCreated } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { CREATE_ARTIST } from './testing/operations.ts';

let catalog: TestCatalog;

beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

describe('createArtist', () => {
  it('makes a page and says so', async () => {
    const viewer = aViewer();
    const input = { name: '  Élan  ', bio: 'two\nlines', country: 'FR' };
    const { data } = await catalog.as(viewer)(CREATE_ARTIST, { input });
    await catalog.settle();

    const { artist } = data.createArtist;
    expect(artist).toEqual({ id: expect.any(String), name: 'Élan', owner: { id: viewer.userId } });
    expect(catalog.recorder.of(artistCreated, { artistId: artist.id })).toEqual([
      { artistId: artist.id, ownerId: viewer.userId, name: 'Élan' },
    ]);
  });

  it.each([
    [{ name: ' ' }, 'name', 'a name is needed'],
    [{ name: 'x'.repeat(121) }, 'name', 'a name has at most 120 characters'],
    [{ name: 'a\u0000b' }, 'name', 'a name has no control characters'],
    [{ name: 'Élan', country: 'QQ' }, 'country', 'there is no such country'],
    [
      { name: 'Élan', country: 'fr' },
      'country',
      'a country is two capital letters as in ISO 3166-1, such as FI',
    ],
    [{ name: 'Élan', bio: 'a\u0000b' }, 'bio', 'a biography has no control characters'],
  ])('refuses %j', async (input, field, message) => {
    const { data } = await catalog.as(aViewer())(CREATE_ARTIST, { input });

    expect(data.createArtist).toEqual({
      artist: null,
      errors: [expect.objectContaining({ code: 'BAD_USER_INPUT', path: [field], message })],
    });
  });
});
