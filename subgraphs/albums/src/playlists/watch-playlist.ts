import { playlistMoved } from '@volna/events';
import type { Bus } from '@volna/platform/bus';
import { coalesce } from '@volna/platform/coalesce';
import { ClientError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { createStream, type StreamSink } from '@volna/platform/stream';
import { atPosition } from '@volna/platform/stream-position';

import type { Database } from '../database.ts';
import type { PlaylistUpdate } from '../models.ts';
import { readNews } from './read-news.ts';

/** Signals may get lost, and rights be lost without one: so the rows are read at least this often. */
const REREAD_MS = 5_000;

export interface WatchDeps {
  readonly db: Database;
  readonly bus: Bus;
  readonly viewer: Viewer | null;
}

/** A playlist as it is, then each change, until the viewer may not see it any more or it is gone. */
export async function watchPlaylist(
  deps: WatchDeps,
  id: string,
  sinceSeq: number | null,
): Promise<AsyncIterableIterator<PlaylistUpdate>> {
  const first = await readNews(deps.db, deps.viewer, id, sinceSeq);
  if (!first) throw new ClientError('NOT_FOUND', 'there is no such playlist');
  return createStream((sink) => follow(deps, id, sinceSeq, sink));
}

async function follow(
  { db, bus, viewer }: WatchDeps,
  id: string,
  sinceSeq: number | null,
  sink: StreamSink<PlaylistUpdate>,
): Promise<AsyncDisposable> {
  let position = sinceSeq;

  async function readOnce(): Promise<void> {
    const news = await readNews(db, viewer, id, position);
    if (!news) return sink.end();
    for (const update of news.updates) sink.push(update.isComplete ? atPosition(update, update.seq) : update);
    position = news.seq;
  }

  const read = coalesce(readOnce, (err) => sink.fail(err));
  const listener = await bus.listen(playlistMoved, ({ playlistId }) => {
    if (playlistId === id) read();
  });
  const timer = setInterval(read, REREAD_MS);
  read();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await listener[Symbol.asyncDispose]();
    },
  };
}
