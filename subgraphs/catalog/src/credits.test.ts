import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { watchStatements } from '@volna/platform/testing/statements';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { creditFromTags } from './artists/credit-from-tags.ts';
import { ARTIST, CREDITS, SET_CREDITS } from './testing/artist-operations.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtist, aTrack } from './testing/operations.ts';
import { anArtistRow, aTrackRow } from './testing/track-rows.ts';
import { aWorker } from './testing/worker.ts';

const admin = aViewer({ roles: ['USER', 'ADMIN'] });

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => catalog[Symbol.asyncDispose]());

interface Credit {
  readonly role: string;
  readonly name: string;
  readonly artist: { readonly id: string } | null;
}

/** `MAIN Name *`: the star says that it is linked. */
const short = (credits: readonly Credit[]) =>
  credits.map(({ role, name, artist }) => `${role} ${name}${artist ? ' *' : ''}`);

async function creditsOf(viewer: Viewer | null, id: string, roles?: readonly string[]) {
  const { data } = await catalog.as(viewer)(CREDITS, { id, roles });
  return short(data.track.credits);
}

const update = async (viewer: Viewer, input: object) =>
  (await catalog.as(viewer)(SET_CREDITS, { input })).data.updateTrack;

describe('credits of a file', () => {
  it('name the artist of the page at once, and everybody that the tags name once they are read', async () => {
    const worker = aWorker(catalog);
    const { viewer, trackId } = await aTrack(catalog);
    expect(await creditsOf(viewer, trackId)).toEqual(['MAIN Polar Tide *']);
    const order = worker.transcodeOrder(trackId);
    await worker.claim(order);
    const tags = {
      title: 'Night (feat. Ana) [Bo’s Remix]',
      artist: 'POLAR TIDE & Cy',
      artists: ['POLAR TIDE', 'Cy', 'Ana'],
      composer: 'Di Eno; Ed Foo',
    };
    await worker.transcoded(order, { tags });
    expect(await creditsOf(viewer, trackId)).toEqual([
      'MAIN Polar Tide *',
      'MAIN Cy',
      'FEATURED Ana',
      'REMIXER Bo',
      'COMPOSER Di Eno',
      'COMPOSER Ed Foo',
    ]);
    const { data } = await catalog.as(viewer)('query ($id: ID!) { track(id: $id) { title } }', {
      id: trackId,
    });
    expect(data.track.title).toBe('Night (feat. Ana) [Bo’s Remix]');
    expect(await creditsOf(viewer, trackId, ['REMIXER', 'FEATURED'])).toEqual(['FEATURED Ana', 'REMIXER Bo']);
    expect(await creditsOf(viewer, trackId, [])).toEqual([]);
    expect(catalog.recorder.of(trackUpdated, { trackId }).at(-1)?.credits).toHaveLength(6);
  });

  it('do not overrule what the uploader has said', async () => {
    const worker = aWorker(catalog);
    const { viewer, trackId } = await aTrack(catalog);
    await update(viewer, { trackId, credits: [{ role: 'PRODUCER', name: 'Pat' }] });
    const order = worker.transcodeOrder(trackId);
    await worker.claim(order);
    await worker.transcoded(order, { tags: { artist: 'Others feat. More' } });
    expect(await creditsOf(viewer, trackId)).toEqual(['MAIN Polar Tide *', 'PRODUCER Pat']);
  });

  it('never split the name of a page, and link to pages of the uploader’s own alone', async () => {
    const [viewer, other] = [aViewer(), aViewer()];
    const page = await anArtistRow(catalog, viewer.userId, 'Host');
    await anArtistRow(catalog, other.userId, 'Salt & Ash');
    await anArtistRow(catalog, viewer.userId, 'Own Guest');
    await anArtistRow(catalog, viewer.userId, 'Twin');
    await anArtistRow(catalog, viewer.userId, 'TWIN');
    const trackId = await aTrackRow(catalog, page, 'Song');
    const tags = { artist: 'Host feat. Salt & Ash, own guest, Twin' };
    await catalog.db.$transaction((tx) => creditFromTags(tx, trackId, tags));
    expect(await creditsOf(null, trackId)).toEqual([
      'MAIN Host *',
      'FEATURED Salt & Ash',
      'FEATURED own guest *',
      'FEATURED Twin',
    ]);
  });

  it('leave out what is no name', async () => {
    const page = await anArtistRow(catalog, aViewer().userId, 'Host');
    const trackId = await aTrackRow(catalog, page, 'Song');
    const tags = {
      artist: `Host feat. ${'x'.repeat(201)}, Good\u0000Bad, Fine, !!!`,
      remixer: 'y'.repeat(501),
      composer: Array.from({ length: 80 }, (_, index) => `Composer ${index}`)
        .join(';')
        .slice(0, 500),
    };
    await catalog.db.$transaction((tx) => creditFromTags(tx, trackId, tags));
    const credits = await creditsOf(null, trackId);
    expect(credits.slice(0, 3)).toEqual(['MAIN Host *', 'FEATURED Fine', 'FEATURED !!!']);
    expect(credits.length).toBeLessThanOrEqual(50);
  });
});

async function aPublic() {
  const viewer = aViewer();
  const page = await anArtistRow(catalog, viewer.userId, 'Host');
  const trackId = await aTrackRow(catalog, page, 'Song');
  await catalog.db.$transaction((tx) => creditFromTags(tx, trackId, {}));
  return { viewer, page, trackId };
}

describe('updateTrack', () => {
  it('writes all credits in order, the page’s artist first, each once', async () => {
    const { viewer, page, trackId } = await aPublic();
    const guest = await anArtistRow(catalog, aViewer().userId, 'Guest Page');
    const credits = [
      { role: 'PRODUCER', name: 'Pat', detail: 'executive' },
      { role: 'MAIN', name: ' Second  Main ' },
      { role: 'MAIN', artistId: page.artistId, name: 'The Host' },
      { role: 'FEATURED', artistId: guest.artistId },
      { role: 'FEATURED', artistId: guest.artistId, name: 'Again' },
      { role: 'PERFORMER', name: 'Pat', detail: 'flute' },
      { role: 'PERFORMER', name: 'Pat', detail: 'piano' },
    ];
    const { track, errors } = await update(viewer, { trackId, credits });
    await catalog.settle();
    expect(errors).toEqual([]);
    expect(short(track.credits)).toEqual([
      'MAIN The Host *',
      'MAIN Second Main',
      'PRODUCER Pat',
      'FEATURED Guest Page *',
      'PERFORMER Pat',
      'PERFORMER Pat',
    ]);
    expect(track.credits.map(({ detail }: { detail: string | null }) => detail)).toEqual([
      null,
      null,
      'executive',
      null,
      'flute',
      'piano',
    ]);
    expect(catalog.recorder.of(trackUpdated, { trackId }).at(-1)?.credits).toHaveLength(6);
    const cleared = await update(viewer, { trackId, credits: null });
    expect(short(cleared.track.credits)).toEqual(['MAIN Host *']);
  });

  it('links a name to a page of the uploader’s own, and for an ADMIN to anybody’s only one', async () => {
    const { viewer, trackId } = await aPublic();
    await anArtistRow(catalog, viewer.userId, 'Mine Alone');
    await anArtistRow(catalog, aViewer().userId, 'Theirs Alone');
    for (const owner of [aViewer(), aViewer()]) await anArtistRow(catalog, owner.userId, 'Twice There');
    const credits = ['mine alone', 'Theirs Alone', 'Twice There'].map((name) => ({ role: 'FEATURED', name }));
    const own = await update(viewer, { trackId, credits });
    expect(short(own.track.credits).slice(1)).toEqual([
      'FEATURED mine alone *',
      'FEATURED Theirs Alone',
      'FEATURED Twice There',
    ]);
    const byAdmin = await update(admin, { trackId, credits });
    expect(short(byAdmin.track.credits).slice(1)).toEqual([
      'FEATURED mine alone *',
      'FEATURED Theirs Alone *',
      'FEATURED Twice There',
    ]);
  });

  it('puts a track on another page of its owner’s, whose artist takes the first place', async () => {
    const { viewer, trackId } = await aPublic();
    const second = await anArtistRow(catalog, viewer.userId, 'Second');
    await update(viewer, { trackId, credits: [{ role: 'FEATURED', name: 'Guest' }] });
    const { track } = await update(viewer, { trackId, artistId: second.artistId });
    await catalog.settle();
    expect(track.artist.id).toBe(second.artistId);
    expect(short(track.credits)).toEqual(['MAIN Second *', 'FEATURED Guest']);
    expect(catalog.recorder.of(trackUpdated, { trackId }).at(-1)).toMatchObject({
      artistId: second.artistId,
      artistName: 'Second',
    });
  });

  it('refuses what names nobody, and pages that are not there', async () => {
    const { viewer, page, trackId } = await aPublic();
    const foreign = await anArtistRow(catalog, aViewer().userId);
    const hidden = await anArtistRow(catalog, aViewer().userId, 'Hidden', { moderation: 'HIDDEN' });
    const before = await creditsOf(null, trackId);
    for (const [input, code, path] of [
      [{ credits: [{ role: 'MAIN' }] }, 'BAD_USER_INPUT', ['credits', '0']],
      [{ credits: [{ role: 'MAIN', name: ' ' }] }, 'BAD_USER_INPUT', ['credits', '0', 'name']],
      [{ credits: [{ role: 'MAIN', name: 'x', detail: '' }] }, 'BAD_USER_INPUT', ['credits', '0', 'detail']],
      [
        { credits: Array.from({ length: 51 }, (_, at) => ({ role: 'OTHER', name: `N ${at}` })) },
        'BAD_USER_INPUT',
        ['credits'],
      ],
      [{ credits: [{ role: 'MAIN', artistId: newId('Artist') }] }, 'NOT_FOUND', ['credits', '0', 'artistId']],
      [{ credits: [{ role: 'MAIN', artistId: hidden.artistId }] }, 'NOT_FOUND', ['credits', '0', 'artistId']],
      [{ artistId: foreign.artistId }, 'NOT_FOUND', ['artistId']],
      [{ artistId: 'nonsense', credits: [] }, 'NOT_FOUND', ['artistId']],
    ] as const) {
      expect((await update(viewer, { trackId, ...input })).errors).toMatchObject([{ code, path }]);
    }
    expect((await update(admin, { trackId, artistId: foreign.artistId })).errors).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
    expect(await creditsOf(null, trackId)).toEqual(before);
    expect(await catalog.db.track.findUnique({ where: { id: trackId } })).toMatchObject(page);
  });
});

describe('tracks of an artist', () => {
  it('are those of its page, or those that it has a part in, as far as the viewer may see them', async () => {
    const viewer = aViewer();
    const page = await anArtistRow(catalog, viewer.userId, 'Page');
    const guest = await anArtistRow(catalog, viewer.userId, 'Guest');
    const tagged = async (title: string, tags: object, more = {}) => {
      const id = await aTrackRow(catalog, page, title, more);
      await catalog.db.$transaction((tx) => creditFromTags(tx, id, tags));
      return id;
    };
    const feature = await tagged('One', { artist: 'Page feat. Guest' });
    const remix = await tagged('Two (Guest Remix)', { artist: 'Page feat. Guest' });
    const draft = await tagged('Three', { artist: 'Page feat. Guest' }, { isDraft: true });
    await tagged('Four', {});

    const ask = async (who: Viewer | null, variables: object) => {
      const { data } = await catalog.as(who)(ARTIST, { id: guest.artistId, first: 10, ...variables });
      return data.artist.tracks.edges.map(({ node }: { node: { id: string } }) => node.id);
    };
    expect(await ask(null, {})).toEqual([]);
    expect(await ask(null, { roles: ['FEATURED'] })).toEqual([remix, feature]);
    expect(await ask(null, { roles: ['REMIXER'] })).toEqual([remix]);
    expect(await ask(null, { roles: ['REMIXER', 'FEATURED'] })).toEqual([remix, feature]);
    expect(await ask(viewer, { roles: ['FEATURED'] })).toEqual([draft, remix, feature]);
    expect(await ask(null, { roles: [] })).toEqual([]);

    const first = await catalog.as(null)(ARTIST, { id: guest.artistId, roles: ['FEATURED'], first: 1 });
    const { endCursor, hasNextPage } = first.data.artist.tracks.pageInfo;
    expect(hasNextPage).toBe(true);
    expect(await ask(null, { roles: ['FEATURED'], after: endCursor })).toEqual([feature]);
  });

  it('and their credits cost as many statements for 100 as for 10', async () => {
    const { viewer, artistId } = await anArtist(catalog);
    const page = { artistId, ownerId: viewer.userId };
    const all = Array.from({ length: 110 }, (_, index) => ({
      index,
      id: newId('Track'),
      guest: newId('Artist'),
    }));
    const { ownerId } = page;
    await catalog.db.artist.createMany({
      data: all.map(({ guest, index }) => ({ id: guest, ownerId, name: `Guest ${index}`, nameKey: 'g' })),
    });
    await catalog.db.track.createMany({
      data: all.map(({ id }) => ({ ...page, id, title: 'S', titleKey: 's', status: 'READY', isOpen: true })),
    });
    await catalog.db.trackCredit.createMany({
      data: all.map(({ id, guest }) => ({
        trackId: id,
        position: 0,
        role: 'FEATURED',
        name: 'G',
        nameKey: 'g',
        artistId: guest,
      })),
    });
    await catalog.settle();
    const query = `query ($id: ID!, $first: Int) { artist(id: $id) { tracks(first: $first) { edges { node {
      credits { name artist { name tracks(roles: [FEATURED], first: 2) { edges { node { id } } } } } } } } } }`;
    const count = async (first: number) => {
      using statements = watchStatements();
      const { data } = await catalog.as(viewer)(query, { id: artistId, first });
      expect(data.artist.tracks.edges).toHaveLength(first);
      const [edge] = data.artist.tracks.edges;
      expect(edge.node.credits[0].artist.tracks.edges).toHaveLength(1);
      return statements.texts.filter((text) => !/outbox|restatement|advisory/.test(text)).length;
    };
    expect(await count(100)).toBe(await count(10));
  });
});
