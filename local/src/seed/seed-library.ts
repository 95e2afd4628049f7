import {
  CreateAlbumDocument,
  type CreateAlbumInput,
  CreateArtistDocument,
  type CreateArtistInput,
  SetReactionDocument,
  TrackProgressDocument,
} from '@volna/gateway/client';

import { type Api, ApiError, refuseErrors } from '../client/api.ts';
import { sendFile, type Step } from '../client/send-file.ts';
import { demoLibrary } from '../demo/library.ts';
import type { DemoFile } from '../demo/render.ts';
import type { SeedState } from './seed-state.ts';

/** Uploads at a time; the workers queue what is more. */
const AT_A_TIME = 3;
const LIKES = 3;

export interface SeedOptions {
  readonly api: Api;
  readonly files: readonly DemoFile[];
  readonly state: SeedState;
  readonly tell: (name: string, step: Step) => void;
}

/** Takes the demo library through the public endpoint and the real pipeline; goes on where it was stopped. */
export async function seedLibrary(options: SeedOptions): Promise<void> {
  const { files, state } = options;
  const waiting = [...files];
  await openPages(options);
  const send = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) await seedTrack(options, file);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, send));
  await likeSome(options);
  state.values.complete = true;
  await state.save();
}

/** Makes the artist pages and the albums that are not there yet. */
async function openPages({ api, state }: SeedOptions): Promise<void> {
  const { artists, albums } = state.values;
  for (const { name, bio, country, albums: releases } of demoLibrary) {
    artists[name] ??= await createArtist(api, { name, bio, country });
    await state.save();
    for (const { title, year, type } of releases) {
      albums[title] ??= await createAlbum(api, {
        artistId: artists[name],
        title,
        releaseDate: String(year),
        type,
      });
      await state.save();
    }
  }
}

async function createArtist(api: Api, input: CreateArtistInput): Promise<string> {
  const { createArtist: answer } = await api.ask(CreateArtistDocument, { input });
  refuseErrors(answer.errors);
  if (!answer.artist) throw new Error('an artist page could not be made');
  return answer.artist.id;
}

async function createAlbum(api: Api, input: CreateAlbumInput): Promise<string> {
  const { createAlbum: answer } = await api.ask(CreateAlbumDocument, { input });
  refuseErrors(answer.errors);
  if (!answer.album) throw new Error('an album could not be made');
  return answer.album.id;
}

async function seedTrack({ api, state, tell }: SeedOptions, file: DemoFile): Promise<void> {
  const { artists, albums, tracks } = state.values;
  const name = `${file.artist} — ${file.title}`;
  const tellStep = (step: Step) => tell(name, step);
  try {
    const known = tracks[file.title];
    if (known) return await watch(api, known, tellStep);
    const artistId = artists[file.artist] ?? '';
    const what = { file: file.file, artistId, albumId: albums[file.album] ?? null };
    tracks[file.title] = await sendFile(api, what, tellStep);
  } catch (err) {
    if (!(err instanceof ApiError)) throw err;
    tell(name, { stage: 'FAILED', percent: 0, done: true, error: { code: err.code, message: err.message } });
  }
  await state.save();
}

async function watch(api: Api, trackId: string, tell: (step: Step) => void): Promise<void> {
  for await (const { trackProcessing } of api.watch(TrackProgressDocument, { trackId })) {
    const { stage, status, progress, error } = trackProcessing;
    tell({ stage, percent: progress, done: status !== 'PROCESSING', error: error ?? null });
  }
}

/** Gives the demo account a taste, so that its wave has something to go by. */
async function likeSome({ api, files, state }: SeedOptions): Promise<void> {
  const { tracks, liked } = state.values;
  const every = Math.max(1, Math.floor(files.length / LIKES));
  for (const [at, file] of files.entries()) {
    const trackId = tracks[file.title];
    if (at % every !== 0 || !trackId || liked.includes(trackId)) continue;
    const { setReaction } = await api.ask(SetReactionDocument, { input: { trackId, reaction: 'LIKE' } });
    refuseErrors(setReaction.errors);
    liked.push(trackId);
  }
}
