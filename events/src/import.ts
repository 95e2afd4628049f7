import { z } from 'zod';

import { defineJob, defineRequest } from './definition.ts';
import { ImportRunId, UploadId } from './ids.ts';
import { FileTags } from './jobs.ts';

/** Names one try at one run. What carries an older attempt than the row's is answered with `goOn: false` (fencing). */
export const ImportTry = z.object({ runId: ImportRunId, attempt: z.number().int().positive() });
export type ImportTry = z.infer<typeof ImportTry>;

/** Bring the files of a folder, or under a prefix, into the catalog. */
export const importOrdered = defineJob('jobs.import', ImportTry);

/** Where the files are. */
export const ImportLocation = z.object({
  kind: z.enum(['FOLDER', 'S3_PREFIX']),
  /** An absolute path of the worker's machine, or a prefix of keys. */
  location: z.string().min(1),
});
export type ImportLocation = z.infer<typeof ImportLocation>;

/** Asked by a worker before it begins: is this try still wanted? Gives the lease, which each question renews. */
export const importClaim = defineRequest(
  'request.import.claim',
  ImportTry.extend({ worker: z.string().min(1) }),
  z.object({ source: ImportLocation.nullable(), leaseSeconds: z.number().positive() }),
);

/** The try is alive: is it still wanted? */
export const importAlive = defineRequest('request.import.alive', ImportTry, z.object({ goOn: z.boolean() }));

/** A try has ended before its time: the run fails, or goes to another worker. */
export const importGivenUp = defineRequest(
  'request.import.given-up',
  ImportTry.extend({ code: z.string().min(1), message: z.string(), retryable: z.boolean() }),
  z.object({ goOn: z.boolean() }),
);

/** Relative to the location, with `/` between folders. */
const Path = z.string().min(1).max(1024);

export const FoundFile = z.object({
  path: Path,
  sizeBytes: z.number().int().nonnegative(),
  /** Changes with the bytes: time and size of a file, etag of an object. */
  version: z.string().max(200),
});
export type FoundFile = z.infer<typeof FoundFile>;

/** What a walk has come upon, in parts; with the last part what was not come upon is missing. */
export const importFound = defineRequest(
  'request.import.found',
  ImportTry.extend({
    files: z.array(FoundFile).max(1000),
    /** Files that are no audio by their names, links, and names that cannot be told: left out. */
    skipped: z.number().int().nonnegative(),
    isLast: z.boolean(),
  }),
  z.object({ goOn: z.boolean() }),
);

/** Why a file does not come in. */
const FileError = z.object({ code: z.string().min(1), message: z.string().max(500) });

/** What a file says of itself. */
export const ReadFile = z.object({
  path: Path,
  version: z.string(),
  tags: FileTags.omit({ lyrics: true }),
  warnings: z.array(z.string().max(200)).max(5),
  error: FileError.nullable(),
});
export type ReadFile = z.infer<typeof ReadFile>;

/** What files say of themselves; answered with the next ones to read, none once all are read. */
export const importRead = defineRequest(
  'request.import.read',
  ImportTry.extend({ results: z.array(ReadFile).max(200), want: z.number().int().min(1).max(200) }),
  z.object({ goOn: z.boolean(), files: z.array(z.object({ path: Path, version: z.string() })) }),
);

/** What became of a file that was to be stored. */
export const StoredFile = z.object({
  path: Path,
  uploadId: UploadId,
  sha256: z.string().length(64).nullable(),
  sizeBytes: z.number().int().nonnegative(),
  error: FileError.nullable(),
});
export type StoredFile = z.infer<typeof StoredFile>;

/** Which files are in object storage; answered with the next ones to store, and whether there are more. */
export const importStored = defineRequest(
  'request.import.stored',
  ImportTry.extend({ results: z.array(StoredFile).max(20), want: z.number().int().min(1).max(20) }),
  z.object({
    goOn: z.boolean(),
    files: z.array(
      z.object({ path: Path, version: z.string(), uploadId: UploadId, objectKey: z.string().min(1) }),
    ),
    /** How long to wait before asking again: tracks enough are being processed. 0 where there is nothing left. */
    waitMs: z.number().int().nonnegative(),
    maxBytes: z.number().int().positive(),
  }),
);
