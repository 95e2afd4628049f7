import { hostname } from 'node:os';

import {
  importClaim,
  importGivenUp,
  type ImportLocation,
  importOrdered,
  type ImportTry,
} from '@volna/events';
import { openTagReader, type TagReader } from '@volna/platform/audio-tags/tag-reader';
import type { Bus } from '@volna/platform/bus';
import { JobError } from '@volna/platform/job-progress';
import { logger } from '@volna/platform/log';
import type { Objects } from '@volna/platform/objects';

import { openCatalog, RunLostError } from './ask-catalog.ts';
import { openFolderLibrary } from './folder-library.ts';
import type { Library } from './library.ts';
import { openObjectsLibrary } from './objects-library.ts';
import { runImport } from './run-import.ts';

export interface ScanDeps {
  readonly bus: Bus;
  readonly objects: Objects;
  /** Folders that may be imported, and what lies under them. */
  readonly roots: readonly string[];
  /** Threads that read tags; 2 unless told. */
  readonly threads?: number;
}

/** Runs of imports at a time: what is more waits for another worker, or is announced again. */
const AT_A_TIME = 2;

/** Takes runs of imports. Disposal hands those that are under way to another worker. */
export async function startScan({ bus, objects, roots, threads = 2 }: ScanDeps): Promise<AsyncDisposable> {
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const tags = openTagReader({ threads });
  const worker = `import@${hostname()}:${process.pid}`;

  const consumer = await bus.consume(importOrdered, 'import', async (order) => {
    if (stopping.signal.aborted || running.size >= AT_A_TIME) return;
    const { source, leaseSeconds } = await bus.request(importClaim, { ...order, worker });
    if (!source) return;
    const work = run({ bus, objects, roots, tags }, order, { source, leaseSeconds }, stopping.signal);
    running.add(work);
    void work.finally(() => running.delete(work));
  });
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort(new JobError('WORKER_STOPPED', 'the worker was told to stop', true));
      await consumer[Symbol.asyncDispose]();
      await Promise.all(running);
      await tags[Symbol.asyncDispose]();
    },
  };
}

type RunDeps = Omit<ScanDeps, 'threads'> & { readonly tags: TagReader };
interface Claim {
  readonly source: ImportLocation;
  readonly leaseSeconds: number;
}

/** Never throws: catalog is told why a run ends, or its lease runs out. */
async function run(
  { bus, objects, roots, tags }: RunDeps,
  order: ImportTry,
  { source, leaseSeconds }: Claim,
  stopping: AbortSignal,
): Promise<void> {
  using catalog = openCatalog(bus, order, leaseSeconds, stopping);
  try {
    await using library = await openLibrary(objects, roots, source);
    await runImport({ objects, tags, catalog, library });
    logger.info(order, 'all files are stored');
  } catch (err) {
    if (err instanceof RunLostError) {
      logger.info(order, 'the run goes on without this try');
      return;
    }
    const { code, message, retryable } = asJobError(err, stopping);
    logger.warn({ err, code, ...order }, 'the run was given up');
    await bus
      .request(importGivenUp, { ...order, code, message, retryable })
      .catch((unsaid: unknown) => logger.error({ err: unsaid }, 'the end of the run could not be stated'));
  }
}

async function openLibrary(
  objects: Objects,
  roots: readonly string[],
  { kind, location }: ImportLocation,
): Promise<Library> {
  return kind === 'FOLDER' ? openFolderLibrary(location, roots) : openObjectsLibrary(objects, location);
}

function asJobError(err: unknown, stopping: AbortSignal): JobError {
  if (stopping.aborted) return stopping.reason as JobError;
  if (err instanceof JobError) return err;
  return new JobError('WORKER_ERROR', 'the worker failed unexpectedly', true, { cause: err });
}
