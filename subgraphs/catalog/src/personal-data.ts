import { artistDeleted, fileFetched, trackDeleted, trackTranscoded } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import { insertOutbox, type PersonalData } from '@volna/platform/personal-data';

import type { Deps } from './context.ts';
import { folderOf, removeFolder } from './domain/job-folder.ts';
import { freeCopies } from './duplicates/free-copies.ts';

/** What catalog keeps of a person: artists, tracks, uploads, and the files behind them. */
export function createPersonalData(deps: Pick<Deps, 'db' | 'bus' | 'objects'>): PersonalData {
  return {
    service: 'catalog',
    tables: [
      { table: 'content_report', where: 'reporter_id = $1' },
      // what was done stays, without saying by whom, or what was noted of whom
      { table: 'moderation_action', where: 'actor_id = $1', scrub: 'actor_id = NULL' },
      {
        table: 'moderation_action',
        where: 'case_id IN (SELECT id FROM moderation_case WHERE owner_id = $1)',
        omit: ['actor_id', 'note'],
        scrub: 'note = NULL',
      },
      {
        table: 'moderation_case',
        where: 'owner_id = $1',
        scrub: `owner_id = NULL, title = '', reason = NULL, appeal = NULL`,
      },
      {
        table: 'import_file',
        where: 'source_id IN (SELECT id FROM import_source WHERE owner_id = $1)',
        omit: ['version', 'upload_id', 'seen_run_id'],
      },
      { table: 'import_run', where: 'source_id IN (SELECT id FROM import_source WHERE owner_id = $1)' },
      { table: 'import_source', where: 'owner_id = $1' },
      { table: 'job', where: 'upload_id IN (SELECT id FROM upload WHERE owner_id = $1)', omit: ['input'] },
      { table: 'track_genre', where: 'track_id IN (SELECT id FROM track WHERE owner_id = $1)' },
      { table: 'authenticity_review', where: 'track_id IN (SELECT id FROM track WHERE owner_id = $1)' },
      { table: 'track_sound', where: 'track_id IN (SELECT id FROM track WHERE owner_id = $1)' },
      {
        table: 'track_credit',
        where: 'track_id IN (SELECT id FROM track WHERE owner_id = $1)',
        omit: ['name_key'],
      },
      { table: 'track_lyrics', where: 'track_id IN (SELECT id FROM track WHERE owner_id = $1)' },
      {
        table: 'duplicate_proposal',
        where: `track_id IN (SELECT id FROM track WHERE owner_id = $1)
          OR other_id IN (SELECT id FROM track WHERE owner_id = $1)`,
        omit: ['decided_by'],
      },
      { table: 'duplicate_proposal', where: 'decided_by = $1', scrub: 'decided_by = NULL' },
      { table: 'track', where: 'owner_id = $1', omit: ['hls_prefix', 'title_key', 'tag_keys', 'genre_keys'] },
      { table: 'upload', where: 'owner_id = $1', omit: ['object_key', 'multipart_id', 'intent'] },
      { table: 'artist_claim', where: 'user_id = $1', omit: ['decided_by'] },
      { table: 'artist_claim', where: 'decided_by = $1', scrub: 'decided_by = NULL' },
      { table: 'artist', where: 'owner_id = $1', omit: ['name_key'] },
      { table: 'album_ref', where: 'owner_id = $1' },
    ],
    async files(ownerId) {
      const uploads = await deps.db.upload.findMany({ where: { ownerId, status: 'COMPLETED' } });
      return uploads.map(({ id, objectKey, filename }) => ({
        key: objectKey,
        name: `originals/${id}-${filename}`,
      }));
    },
    eraseElsewhere: (ownerId) => eraseFiles(deps, ownerId),
    async announce(client, userId) {
      await freeCopies(client, userId);
      const { rows } = await client.query<{ id: string }>('SELECT id FROM track WHERE owner_id = $1', [
        userId,
      ]);
      const pages = await client.query<{ id: string }>('SELECT id FROM artist WHERE owner_id = $1', [userId]);
      for (const { id: artistId } of pages.rows) {
        const gone = artistDeleted.data.parse({ artistId, ownerId: userId });
        // oxlint-disable-next-line no-await-in-loop -- one connection
        await insertOutbox(client, outboxRow(artistDeleted, gone));
      }
      // tracks of others that a page has a part in lose the link to it
      await client.query(
        `INSERT INTO track_restatement (track_id)
         SELECT DISTINCT credit.track_id FROM track_credit credit JOIN artist ON artist.id = credit.artist_id
         WHERE artist.owner_id = $1 ON CONFLICT DO NOTHING`,
        [userId],
      );
      for (const { id: trackId } of rows) {
        const gone = trackDeleted.data.parse({ trackId, ownerId: userId });
        // oxlint-disable-next-line no-await-in-loop -- one connection
        await insertOutbox(client, outboxRow(trackDeleted, gone));
      }
    },
  };
}

async function eraseFiles(
  { db, bus, objects }: Pick<Deps, 'db' | 'bus' | 'objects'>,
  ownerId: string,
): Promise<Record<string, number>> {
  const uploads = await db.upload.findMany({
    where: { ownerId },
    include: { jobs: { select: { id: true } } },
  });
  const tracks = await db.track.findMany({ where: { ownerId }, select: { id: true } });
  const folders = [
    ...tracks.map(({ id }) => folderOf({ trackId: id, uploadId: '' })),
    ...uploads.map(({ id }) => folderOf({ trackId: null, uploadId: id })),
    ...uploads.map(({ id }) => folderOf({ kind: 'cover', trackId: null, uploadId: id })),
  ];
  let files = 0;
  for (const folder of folders) {
    // oxlint-disable-next-line no-await-in-loop -- a library's worth of requests at once would be too many
    files += await removeFolder(objects, folder);
  }
  for (const { status, objectKey, multipartId } of uploads) {
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (status === 'PENDING' && multipartId !== '') await objects.abortMultipart(objectKey, multipartId);
  }
  if (uploads.length > 0) await objects.delete(uploads.map(({ objectKey }) => objectKey));
  // the tags of a file, and what a file is called: all that names a person without the person's id
  const jobs = uploads.flatMap((upload) => upload.jobs.map(({ id }) => id));
  if (jobs.length > 0) await bus.forget([trackTranscoded, fileFetched], jobs);
  return { originals: uploads.length, files };
}
