import type { Track } from '../models.ts';

const WORDS: Readonly<Record<Track['stage'], string>> = {
  QUEUED: 'Waiting for a worker',
  PROBING: 'Looking at the file',
  TRANSCODING: 'Making the streams',
  ANALYZING: 'Listening',
  INDEXING: 'Adding it to the search',
  DONE: 'Ready',
};

/** What is being done to a track, for people; null once it has failed. */
export function describeStage({ status, stage, message }: Track): string | null {
  return message ?? (status === 'FAILED' ? null : WORDS[stage]);
}
