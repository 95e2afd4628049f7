import { CompleteUploadDocument, CreateUploadDocument, TrackProcessingDocument } from '@volna/gateway/client';

import type { Api } from '../client/api.ts';

export interface Declared {
  readonly filename: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

export interface Sent {
  readonly partNumber: number;
  readonly etag: string;
}

export interface CompletedUpload {
  readonly uploadId: string;
  readonly artistId: string;
  readonly albumId?: string;
  readonly parts: readonly Sent[];
}

/** Opens an upload as declared: the upload, or the code that refuses it. */
export async function declare(api: Api, input: Declared) {
  const { createUpload } = await api.ask(CreateUploadDocument, { input });
  return { upload: createUpload.upload, codes: createUpload.errors.map(({ code }) => code) };
}

/** What storage answers to a part. */
export async function put(url: string, bytes: Uint8Array) {
  const response = await fetch(url, { method: 'PUT', body: new Uint8Array(bytes) });
  const body = await response.text();
  const code = response.ok ? null : (JSON.parse(body) as { code: string }).code;
  return { status: response.status, code, etag: response.headers.get('etag') ?? '' };
}

/** Completes an upload: the track, or the codes that refuse it. */
export async function complete(api: Api, { uploadId, artistId, albumId, parts }: CompletedUpload) {
  const input = { uploadId, artistId, ...(albumId && { albumId }), parts: [...parts] };
  const { completeUpload } = await api.ask(CompleteUploadDocument, { input });
  return {
    trackId: completeUpload.track?.id ?? null,
    codes: completeUpload.errors.map(({ code }) => code),
  };
}

/** Declares and sends a file as it is, in one part. */
export async function sendBytes(
  api: Api,
  { filename, contentType }: Omit<Declared, 'sizeBytes'>,
  bytes: Uint8Array,
) {
  const { upload, codes } = await declare(api, { filename, contentType, sizeBytes: bytes.length });
  const [part] = upload?.parts ?? [];
  if (!upload || !part) throw new Error(`no upload was opened: ${codes.join()}`);
  const { etag } = await put(part.url, bytes);
  return { uploadId: upload.id, filename: upload.filename, parts: [{ partNumber: 1, etag }] };
}

/** Sends a whole file: what refuses it, or how its processing ends. */
export async function submitBytes(
  api: Api,
  artistId: string,
  as: Omit<Declared, 'sizeBytes'>,
  bytes: Uint8Array,
) {
  const { uploadId, parts } = await sendBytes(api, as, bytes);
  const answer = await complete(api, { uploadId, artistId, parts });
  return { ...answer, ...(answer.trackId ? await outcome(api, answer.trackId) : {}) };
}

/** How the processing of a track ends. */
export async function outcome(api: Api, trackId: string) {
  let last: { status: string; code: string | null; title: string | undefined } | undefined;
  for await (const { trackProcessing } of api.watch(TrackProcessingDocument, { trackId })) {
    const { status, error, track } = trackProcessing;
    last = { status, code: error?.code ?? null, title: track?.title };
  }
  return last;
}
