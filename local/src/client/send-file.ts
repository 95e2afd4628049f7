import { open, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';

import { CompleteUploadDocument, CreateUploadDocument, TrackProgressDocument } from '@volna/gateway/client';

import { type Api, ApiError, refuseErrors } from './api.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.aac': 'audio/aac',
  '.aif': 'audio/aiff',
  '.aifc': 'audio/aiff',
  '.aiff': 'audio/aiff',
  '.flac': 'audio/flac',
  '.m4a': 'audio/mp4',
  '.mp3': 'audio/mpeg',
  '.oga': 'audio/ogg',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.wav': 'audio/wav',
};
const TRIES = 4;
const LOST_WHILE_SENDING = 'the server went away; send the file again when it is back';

export interface Step {
  /** UPLOADING, then what `trackProcessing` says. */
  readonly stage: string;
  /** 0–100 of the whole way. */
  readonly percent: number;
  readonly done: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface FileToSend {
  readonly file: string;
  readonly artistId: string;
  readonly albumId?: string | null;
  readonly title?: string | null;
  readonly genre?: string | null;
  readonly year?: number | null;
}

/** The share of the way that sending the bytes is shown as. */
const SENDING_PERCENT = 10;

/** True for a file that its name says is audio that we take. */
export function isAudioFile(path: string): boolean {
  return extname(path).toLowerCase() in CONTENT_TYPES;
}

/** Sends a file and tells each step until listeners can hear it; gives the track's id. Throws what fails. */
export async function sendFile(api: Api, what: FileToSend, tell: (step: Step) => void): Promise<string> {
  const trackId = await upload(api, what, tell);
  for await (const { trackProcessing } of api.watch(TrackProgressDocument, { trackId })) {
    const { stage, status, progress, error } = trackProcessing;
    if (status === 'FAILED')
      throw new ApiError(error?.code ?? 'FAILED', error?.message ?? 'processing failed');
    const percent = SENDING_PERCENT + (progress * (100 - SENDING_PERCENT)) / 100;
    tell({ stage, percent, done: status !== 'PROCESSING', error: null });
  }
  return trackId;
}

async function upload(api: Api, what: FileToSend, tell: (step: Step) => void): Promise<string> {
  const { size } = await stat(what.file);
  const filename = basename(what.file);
  const contentType = CONTENT_TYPES[extname(filename).toLowerCase()] ?? 'application/octet-stream';
  const { createUpload } = await api.ask(CreateUploadDocument, {
    input: { filename, contentType, sizeBytes: size },
  });
  refuseErrors(createUpload.errors);
  if (!createUpload.upload) throw new ApiError('UNKNOWN', 'no upload was opened');
  const { id: uploadId, parts } = createUpload.upload;
  const sent: { partNumber: number; etag: string }[] = [];
  let offset = 0;
  for (const part of parts) {
    tell({
      stage: 'UPLOADING',
      percent: (SENDING_PERCENT * offset) / Math.max(1, size),
      done: false,
      error: null,
    });
    sent.push({
      partNumber: part.partNumber,
      etag: await putPart(part, await readPart(what.file, offset, part.sizeBytes)),
    });
    offset += part.sizeBytes;
  }
  const { artistId, albumId, title, genre, year } = what;
  const { completeUpload } = await api.ask(CompleteUploadDocument, {
    input: { uploadId, artistId, albumId, title, genre, year, parts: sent },
  });
  refuseErrors(completeUpload.errors);
  if (!completeUpload.track) throw new ApiError('UNKNOWN', 'the upload became no track');
  return completeUpload.track.id;
}

async function readPart(file: string, offset: number, sizeBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  await using handle = await open(file);
  const bytes = new Uint8Array(sizeBytes);
  const { bytesRead } = await handle.read(bytes, 0, sizeBytes, offset);
  return bytes.subarray(0, bytesRead);
}

interface Part {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** Sends one part, again where the network fails; gives its etag. */
async function putPart({ url, method, headers }: Part, body: Uint8Array<ArrayBuffer>): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      const named = Object.fromEntries(headers.map(({ name, value }) => [name, value]));
      const response = await fetch(url, { method, headers: named, body });
      if (!response.ok) throw new ApiError('UPLOAD_REFUSED', `storage answered ${response.status}`);
      return response.headers.get('etag') ?? '';
    } catch (err) {
      if (err instanceof ApiError) throw err;
      if (attempt === TRIES) throw new ApiError('SERVER_GONE', LOST_WHILE_SENDING);
    }
  }
}
