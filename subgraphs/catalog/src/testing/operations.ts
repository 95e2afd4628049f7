import { ArtistId, TrackId, UploadId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { wav } from './audio.ts';
import type { TestCatalog } from './open-catalog.ts';

const ERRORS = 'errors { code message path }';

export const CREATE_ARTIST = /* GraphQL */ `
  mutation ($input: CreateArtistInput!) {
    createArtist(input: $input) { artist { id name owner { id } } ${ERRORS} }
  }
`;

export const CREATE_UPLOAD = /* GraphQL */ `
  mutation ($input: CreateUploadInput!) {
    createUpload(input: $input) {
      upload {
        id status filename sizeBytes expiresAt
        parts { partNumber url method sizeBytes headers { name value } }
      }
      ${ERRORS}
    }
  }
`;

export const COMPLETE_UPLOAD = /* GraphQL */ `
  mutation ($input: CompleteUploadInput!) {
    completeUpload(input: $input) {
      upload { id status }
      track { id title status year genres { name confidence source } }
      ${ERRORS}
    }
  }
`;

export const TRACK = /* GraphQL */ `
  query ($id: ID!) {
    track(id: $id) {
      id
      title
      status
      durationMs
      year
      tags
      trackNumber
      genres {
        name
        confidence
        source
      }
      artist {
        id
        name
      }
      audio {
        tempo
        tempoConfidence
        key
        keyConfidence
        danceability
        onsetsPerSecond
        energy
        valence
        loudnessLufs
        embeddingModel
      }
      waveform(points: 4) {
        peaks
      }
      cover(size: SMALL) {
        url
        width
        height
      }
      authenticity {
        status
        score
        chunks {
          index
          startSec
          endSec
          score
        }
        error {
          code
          message
        }
      }
      processing {
        seq
        stage
        status
        progress
        message
        error {
          code
          message
        }
      }
    }
  }
`;

export interface Part {
  readonly partNumber: number;
  readonly url: string;
  readonly method: string;
  readonly sizeBytes: number;
  readonly headers: readonly { name: string; value: string }[];
}

/** A signed-in user with an artist page. */
export async function anArtist(catalog: TestCatalog, viewer: Viewer = aViewer()) {
  const answer = await catalog.as(viewer)(CREATE_ARTIST, { input: { name: 'Polar Tide' } });
  return { viewer, artistId: ArtistId.parse(answer.data.createArtist.artist.id) };
}

/** Sends the parts of a file to where they belong; gives what `completeUpload` wants to know of them. */
export async function sendParts(parts: readonly Part[], file: Buffer) {
  const sent = [];
  let from = 0;
  for (const { partNumber, url, method, sizeBytes, headers } of parts) {
    const body = new Uint8Array(file.subarray(from, from + sizeBytes));
    from += sizeBytes;
    const named = headers.map(({ name, value }): [string, string] => [name, value]);
    const response = await fetch(url, { method, body, headers: named });
    if (!response.ok) throw new Error(`part ${partNumber}: ${response.status} ${await response.text()}`);
    sent.push({ partNumber, etag: response.headers.get('etag') ?? '' });
  }
  return sent;
}

/** An open upload with all of its parts sent. */
export async function aSentUpload(catalog: TestCatalog, viewer: Viewer, file = wav(), declared: object = {}) {
  const input = {
    filename: 'Night Drive.wav',
    contentType: 'audio/wav',
    sizeBytes: file.length,
    ...declared,
  };
  const { data } = await catalog.as(viewer)(CREATE_UPLOAD, { input });
  const { upload } = data.createUpload;
  return { uploadId: UploadId.parse(upload.id), parts: await sendParts(upload.parts, file) };
}

/** A track that has just been uploaded: PROCESSING, its transcode job ordered. */
export async function aTrack(
  catalog: TestCatalog,
  description: object = {},
  owner?: { viewer: Viewer; artistId: string },
) {
  const { viewer, artistId } = owner ?? (await anArtist(catalog));
  const upload = await aSentUpload(catalog, viewer);
  const input = { ...upload, artistId, ...description };
  const { data } = await catalog.as(viewer)(COMPLETE_UPLOAD, { input });
  await catalog.settle();
  return {
    viewer,
    artistId,
    uploadId: upload.uploadId,
    trackId: TrackId.parse(data.completeUpload.track.id),
  };
}
