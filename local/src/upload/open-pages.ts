import {
  ArtistDocument,
  CreateAlbumDocument,
  CreateArtistDocument,
  MyArtistsDocument,
} from '@volna/gateway/client';

import { type Api, ApiError, refuseErrors } from '../client/api.ts';

/** As long as names may be. */
const ARTIST_LENGTH = 120;
const ALBUM_LENGTH = 200;

/** Artist pages and albums of the caller's: each is looked up once, and made where it is missing. */
export interface Pages {
  artist(name: string): Promise<string>;
  album(artistId: string, title: string, year: string | undefined): Promise<string>;
}

export function openPages(api: Api): Pages {
  const artists = new Map<string, Promise<string>>();
  const albums = new Map<string, Promise<string>>();
  return {
    artist: (name) => once(artists, keyOf(name), () => chooseArtist(api, name.slice(0, ARTIST_LENGTH))),
    album: (artistId, title, year) =>
      once(albums, `${artistId} ${keyOf(title)}`, () =>
        chooseAlbum(api, { artistId, title: title.slice(0, ALBUM_LENGTH), releaseDate: year ?? null }),
      ),
  };
}

async function chooseArtist(api: Api, name: string): Promise<string> {
  const { me } = await api.ask(MyArtistsDocument, {});
  const known = me?.artists.find((artist) => keyOf(artist.name) === keyOf(name));
  if (known) return known.id;
  const { createArtist } = await api.ask(CreateArtistDocument, { input: { name } });
  refuseErrors(createArtist.errors);
  if (!createArtist.artist) throw new ApiError('UNKNOWN', 'the artist page could not be made');
  return createArtist.artist.id;
}

interface NewAlbum {
  readonly artistId: string;
  readonly title: string;
  readonly releaseDate: string | null;
}

async function chooseAlbum(api: Api, input: NewAlbum): Promise<string> {
  const { artist } = await api.ask(ArtistDocument, { id: input.artistId });
  const known = artist?.albums.edges.find(({ node }) => node && keyOf(node.title) === keyOf(input.title));
  if (known?.node) return known.node.id;
  const { createAlbum } = await api.ask(CreateAlbumDocument, { input });
  refuseErrors(createAlbum.errors);
  if (!createAlbum.album) throw new ApiError('UNKNOWN', 'the album could not be made');
  return createAlbum.album.id;
}

/** Files that go to one page wait for it together; what failed is tried anew by the next one. */
async function once(
  known: Map<string, Promise<string>>,
  key: string,
  find: () => Promise<string>,
): Promise<string> {
  const found = known.get(key) ?? find();
  known.set(key, found);
  try {
    return await found;
  } catch (err) {
    known.delete(key);
    throw err;
  }
}

const keyOf = (name: string) => name.normalize('NFC').trim().toLowerCase();
