import { z } from 'zod';

import { defineEvent, defineSignal } from './definition.ts';
import { AudioSearchId, TrackId, UploadId, UserId, WaveId } from './ids.ts';

/** A track can be found: words and, where there is one, its vector are in the index. */
export const trackIndexed = defineEvent(
  'search.track.indexed',
  z.object({ trackId: TrackId, vector: z.boolean() }),
);

/** A reaction given inside of a wave, which the library keeps too. */
export const waveReacted = defineEvent(
  'search.wave.reacted',
  z.object({ userId: UserId, trackId: TrackId, reaction: z.enum(['LIKE', 'DISLIKE']), at: z.iso.datetime() }),
);

/** Somebody wants to know what an uploaded clip is; catalog has it processed and states `clipAnalyzed`. */
export const audioSearchRequested = defineEvent(
  'search.audio.requested',
  z.object({ searchId: AudioSearchId, uploadId: UploadId, userId: UserId }),
);

/** A wave has new updates: whoever streams it reads its log. */
export const waveMoved = defineSignal('signal.search.wave', z.object({ waveId: WaveId }));

/** An audio search has moved: whoever streams it reads the row. */
export const audioSearchMoved = defineSignal('signal.search.audio', z.object({ searchId: AudioSearchId }));

/** Everything is indexed anew: catalog states all tracks once more, with what an older release left out. */
export const reindexBegun = defineEvent(
  'search.reindex.begun',
  z.object({ version: z.number().int().positive() }),
);

/** The making of a new version of the index has moved: whoever shows it reads the row. */
export const reindexMoved = defineSignal(
  'signal.search.reindex',
  z.object({ version: z.number().int().positive() }),
);

/** Two tracks sound the same: so near are their vectors, and about as long. */
export const twinFound = defineEvent(
  'search.twin.found',
  z.object({ trackId: TrackId, otherId: TrackId, similarity: z.number().min(-1).max(1) }),
);
