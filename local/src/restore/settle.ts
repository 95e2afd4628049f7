import { withClient } from '@volna/platform/database';
import type { Objects } from '@volna/platform/objects';
import type { Vectors } from '@volna/platform/vectors';
import { segmentCollection, trackCollection } from '@volna/search/vector-names';
import type { Client } from 'pg';

import type { ServiceName } from '../backends/options.ts';

/**
 * What services have stated is stated once more, to a bus that knows nothing; what they have heard they know by the ids,
 * for which time has stood still meanwhile.
 */
const RESTATE = `
  UPDATE outbox SET published_at = NULL;
  UPDATE processed_message SET at = now();`;

/** A try that was under way counts for nothing, as after any end of everything. */
const RELEASE_JOBS = `
  UPDATE job SET state = 'QUEUED', attempt = attempt + 1, max_attempts = max_attempts + 1,
    worker = NULL, lease_until = NULL, enqueued_count = 0, announce_at = now(), updated_at = now()
  WHERE state = 'RUNNING'`;
const WAITING_ANALYSES = `
  SELECT id, input->>'pcmKey' AS pcm FROM job WHERE kind = 'analyze' AND state = 'QUEUED' AND track_id IS NOT NULL`;
/** What an analysis hears is removed after it, which may have been just after the point: it is made once more. */
const DECODE_AGAIN = `
  UPDATE job SET kind = 'decode', input = made.input, updated_at = now()
  FROM (SELECT DISTINCT ON (track_id) track_id, input FROM job WHERE kind = 'transcode' AND state = 'SUCCEEDED'
        ORDER BY track_id, id DESC) made
  WHERE made.track_id = job.track_id AND job.id = ANY($1)`;

const FORGET_VECTORS = `
  UPDATE indexed_track SET vector_stored_at = NULL, segments_stored_at = NULL;
  UPDATE next_vector SET stored_at = NULL, segments_stored_at = NULL;
  UPDATE text_vector SET stored_as = NULL;`;
const MODELS = `
  SELECT embedding_model AS model FROM indexed_track WHERE embedding_model IS NOT NULL
  UNION SELECT model FROM next_vector`;

export interface SettleOptions {
  readonly urlOf: (service: ServiceName) => string;
  readonly objects: Objects;
  /** A store of vectors that outlives what is restored; null where it is made anew at each start. */
  readonly vectors: Vectors | null;
}

/** Has everything go on from the point: work that was under way begins anew, and what only follows from rows is made again. */
export async function settle({ urlOf, objects, vectors }: SettleOptions): Promise<void> {
  for (const service of ['users', 'catalog', 'albums', 'playback', 'search', 'analytics'] as const) {
    await withClient(urlOf(service), (client) => client.query(RESTATE));
  }
  await withClient(urlOf('catalog'), (client) => settleJobs(client, objects));
  await withClient(urlOf('search'), async (client) => {
    await client.query(FORGET_VECTORS);
    if (vectors) await dropVectors(client, vectors);
  });
}

async function settleJobs(client: Client, objects: Objects): Promise<void> {
  await client.query(RELEASE_JOBS);
  const { rows } = await client.query<{ id: string; pcm: string }>(WAITING_ANALYSES);
  const lost: string[] = [];
  for (const { id, pcm } of rows) if (!(await objects.head(pcm))) lost.push(id);
  await client.query(DECODE_AGAIN, [lost]);
}

async function dropVectors(client: Client, vectors: Vectors): Promise<void> {
  const { rows } = await client.query<{ model: string }>(MODELS);
  for (const { model } of rows) {
    await vectors.drop(trackCollection(model));
    await vectors.drop(segmentCollection(model));
  }
}
