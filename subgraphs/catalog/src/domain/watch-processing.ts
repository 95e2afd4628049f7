import { ClientError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { createStream, type StreamSink } from '@volna/platform/stream';

import type { Database } from '../database.ts';
import type { Track } from '../models.ts';
import type { ProcessingSignals } from '../processing-signals.ts';
import { readId } from './read-id.ts';
import { mayManage } from './visibility.ts';

/** Hints may get lost, so the row is read at least this often. */
const SAFETY_MS = 2_000;

export interface WatchDeps {
  readonly db: Database;
  readonly signals: ProcessingSignals;
  readonly viewer: Viewer | null;
}

/**
 * The processing of a track of the viewer's own: its present state, then each newer one that is read, then
 * the last. States that follow one another faster than they are read become one.
 */
export async function watchProcessing(
  deps: WatchDeps,
  rawId: string,
  sinceSeq: number,
): Promise<AsyncIterableIterator<Track>> {
  const id = readId('Track', rawId);
  if (!id || !(await readTrack(deps, id))) throw noTrack();
  return createStream((sink) => follow(deps, id, sinceSeq, sink));
}

async function follow(
  deps: WatchDeps,
  id: string,
  sinceSeq: number,
  sink: StreamSink<Track>,
): Promise<AsyncDisposable> {
  let seen = sinceSeq;
  let isStale = false;
  let isReading = false;

  async function readOnce(): Promise<void> {
    const track = await readTrack(deps, id);
    if (!track) return sink.fail(noTrack());
    const isLast = track.status !== 'PROCESSING';
    if (track.seq > seen || isLast) sink.push(track);
    seen = Math.max(seen, track.seq);
    if (isLast) sink.end();
  }

  /** One reading at a time: hints that come meanwhile ask for one more. */
  async function read(): Promise<void> {
    isStale = true;
    if (isReading) return;
    isReading = true;
    try {
      for (; isStale; await readOnce()) isStale = false;
    } catch (err) {
      sink.fail(err);
    } finally {
      isReading = false;
    }
  }

  const watcher = deps.signals.watch(id, () => void read());
  const timer = setInterval(() => void read(), SAFETY_MS);
  void read();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      watcher[Symbol.dispose]();
    },
  };
}

async function readTrack({ db, viewer }: WatchDeps, id: string): Promise<Track | null> {
  const track = await db.track.findUnique({ where: { id } });
  return track && mayManage(viewer, track) ? track : null;
}

const noTrack = () => new ClientError('NOT_FOUND', 'there is no such track of yours');
