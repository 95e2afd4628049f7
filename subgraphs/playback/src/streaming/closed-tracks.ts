import { tracksClosed } from '@volna/events';
import { startBackground } from '@volna/platform/background';

import type { Deps } from '../context.ts';
import { GRANT_LIFE_MS, type Grant } from './grant.ts';

/** How late a process may learn of a change whose signal was lost. */
const REREAD_MS = 2_000;
/** Transactions end within this time of the moment that they write down, by whatever clock. */
const OVERLAP_MS = 60_000;

interface Row {
  readonly id: string;
  readonly isOpen: boolean;
  readonly deleted: boolean;
  readonly moderation: string;
  readonly accessAt: Date;
}

interface Closed {
  /** Its owner may not hear it either. */
  readonly forOwner: boolean;
  readonly at: number;
}

export interface ClosedTracks extends AsyncDisposable {
  /** Whether a grant that was good when it was given is so no more. */
  refuses(grant: Grant): boolean;
}

/**
 * The tracks that were closed since the oldest grants that may still be about, in memory, so that a segment costs no
 * statement: read at the start, then whatever has changed, at a signal and every two seconds. Without the database what
 * was known last counts.
 */
export async function openClosedTracks({ db, bus }: Pick<Deps, 'db' | 'bus'>): Promise<ClosedTracks> {
  const closed = new Map<string, Closed>();
  let readUntil = Date.now() - GRANT_LIFE_MS;

  async function read(): Promise<void> {
    const until = Date.now() - OVERLAP_MS;
    const rows = await db.playableTrack.findMany({
      where: { accessAt: { gt: new Date(readUntil) } },
      select: { id: true, isOpen: true, deleted: true, moderation: true, accessAt: true },
    });
    for (const row of rows as Row[]) note(closed, row);
    readUntil = until;
    for (const [id, { at }] of closed) if (at < Date.now() - GRANT_LIFE_MS) closed.delete(id);
  }

  await using opening = new AsyncDisposableStack();
  await read();
  const reading = opening.use(oneAtATime(read));
  opening.use(await bus.listen(tracksClosed, () => void reading.again()));
  opening.use(startBackground('playback: closed tracks', REREAD_MS, () => reading.again()));
  const opened = opening.move();
  return {
    refuses({ trackId, isOwn }) {
      const found = closed.get(trackId);
      return found !== undefined && (found.forOwner || !isOwn);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function note(closed: Map<string, Closed>, { id, isOpen, deleted, moderation, accessAt }: Row): void {
  const forOwner = deleted || moderation === 'TAKEN_DOWN';
  if (isOpen && !forOwner) closed.delete(id);
  else closed.set(id, { forOwner, at: accessAt.getTime() });
}

/** Runs after whoever asked last, but never twice at a time. */
function oneAtATime(run: () => Promise<void>) {
  let running: Promise<void> = Promise.resolve();
  return {
    again(): Promise<void> {
      const next = running.then(run);
      running = next.catch(() => undefined);
      return next;
    },
    async [Symbol.asyncDispose]() {
      await running;
    },
  };
}
