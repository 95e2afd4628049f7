import { CreateArtistDocument, MyArtistsDocument } from '@volna/gateway/client';

import { type Api, refuseErrors } from '../client/api.ts';

/** The id of the caller's artist page of this name; it is made where it is missing. */
export async function chooseArtist(api: Api, name: string): Promise<string> {
  const { me } = await api.ask(MyArtistsDocument, {});
  const known = me?.artists.find((artist) => artist.name === name);
  if (known) return known.id;
  const { createArtist } = await api.ask(CreateArtistDocument, { input: { name } });
  refuseErrors(createArtist.errors);
  if (!createArtist.artist) throw new Error('the artist page could not be made');
  return createArtist.artist.id;
}
