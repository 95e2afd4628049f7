import {
  albumDescribed,
  artistCreated,
  artistTransferred,
  artistUpdated,
  dataPartDone,
  LetterId,
  lettersForget,
  operationsRun,
  playbackReported,
  playlistDescribed,
  reactionSet,
  searchesMade,
  SessionId,
  sessionsRevoked,
  sessionsRevokedNow,
  trackCreated,
  trackUpdated,
  trackPlayable,
  waveReacted,
} from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import { eraseRows, insertOutbox, inTransaction } from '@volna/platform/personal-data';

import { forgetCustomer } from '../billing/forget-customer.ts';
import { markRevoked } from '../domain/revoke-tokens.ts';
import type { DataRequest, DataRequestPart } from '../models.ts';
import type { AdvanceDeps } from './advance-data-request.ts';
import { personalData } from './personal-data.ts';
import { signReceipt } from './receipt.ts';
import { exportFolder } from './start-data-request.ts';

/** What names people, what they made or what they did, on the bus. */
const FORGOTTEN = [
  artistCreated,
  artistUpdated,
  artistTransferred,
  trackCreated,
  trackUpdated,
  trackPlayable,
  albumDescribed,
  playlistDescribed,
  playbackReported,
  searchesMade,
  operationsRun,
  reactionSet,
  waveReacted,
  // the names of files
  dataPartDone,
];

/** Where nobody answers in time, the sweeper comes back for the rest. */
const FORGET_MS = 10_000;

/** Erases the account itself, once every service has done its part, and signs what was done. */
export async function finishErasure(
  deps: AdvanceDeps,
  request: DataRequest & { readonly parts: readonly DataRequestPart[] },
): Promise<void> {
  const { db, bus, objects, pool, cache } = deps;
  const { id, userId, createdAt, parts } = request;
  const archives = await db.dataRequest.findMany({ where: { userId, kind: 'EXPORT' } });
  await bus.forget(FORGOTTEN, [userId, ...archives.map((archive) => archive.id)]);
  for (const { id: exportId } of archives) {
    // oxlint-disable-next-line no-await-in-loop -- seldom more than one
    await objects.delete(await objects.list(`${exportFolder(exportId)}/`));
  }

  const letters = await db.letter.findMany({ where: { userId }, select: { id: true } });
  const letterIds = letters.map((letter) => LetterId.parse(letter.id));
  await bus.request(lettersForget, { letterIds }, FORGET_MS);

  await forgetCustomer(deps, userId);
  const sessions = await db.session.findMany({ where: { userId, revokedAt: null }, select: { id: true } });
  const sessionIds = sessions.map((session) => SessionId.parse(session.id));
  const until = new Date();
  await inTransaction(pool, async (client) => {
    const counts = await eraseRows(client, personalData, userId);
    const services = Object.fromEntries([
      ...parts.map(({ service, counts: done }) => [service, done]),
      [personalData.service, counts],
    ]);
    const receipt = await signReceipt(db, { requestId: id, userId, requestedAt: createdAt, services });
    await insertOutbox(client, outboxRow(sessionsRevoked, { sessionIds, until: until.toISOString() }));
    await client.query(
      `UPDATE data_request SET state = 'DONE', receipt = $2, finished_at = now() WHERE id = $1`,
      [id, receipt],
    );
    await client.query(
      `INSERT INTO audit_entry (action, subject_id, outcome, details) VALUES ('user.erased', $1, 'OK', $2)`,
      [userId, JSON.stringify({ requestId: id })],
    );
  });
  deps.wakeRelay();
  await markRevoked(cache, sessionIds, until);
  bus.signal(sessionsRevokedNow, { sessionIds });
}
