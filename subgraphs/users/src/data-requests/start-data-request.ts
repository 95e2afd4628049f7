import { DataRequestId, erasureRequested, exportRequested, newId, UserId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';

import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import { audit } from '../domain/audit.ts';
import { orderLetter } from '../domain/order-letter.ts';
import { prove } from '../domain/prove.ts';
import { refuseLastAdmin } from '../domain/refuse-last-admin.ts';
import { endSessions } from '../domain/revoke-tokens.ts';
import type { ProveInput } from '../generated/graphql.ts';
import type { DataRequest, User } from '../models.ts';

type Tx = Parameters<Parameters<Database['$transaction']>[0]>[0];
type Kind = 'EXPORT' | 'ERASURE';

/** Who has a part in an export or an erasure, beside users itself. */
const SERVICES = ['catalog', 'albums', 'playback', 'search', 'analytics'];

/** The folder that the parts and the archive of an export are in. */
export const exportFolder = (requestId: string): string => `exports/${requestId}`;

/** Has every service gather what it keeps of the viewer. */
export async function requestDataExport(context: Context, { password }: ProveInput): Promise<DataRequest> {
  const user = await prove(context, password);
  return start(context, user, async (tx) => {
    const request = await create(tx, user, 'EXPORT', [...SERVICES, 'users']);
    const wish = { ...idsOf(request), prefix: exportFolder(request.id) };
    await tx.outbox.create({ data: outboxRow(exportRequested, wish) });
    await audit(tx, context, 'user.data-requested', { details: { kind: 'EXPORT' } });
    return request;
  });
}

/**
 * Has every service erase what it keeps of the viewer. From now on nobody can sign in to the account or see it; the
 * session that asks stays, to see how far it is.
 */
export async function requestErasure(context: Context, { password }: ProveInput): Promise<DataRequest> {
  const user = await prove(context, password);
  const { request, tell } = await start(context, user, async (tx) => {
    await refuseLastAdmin(tx, user);
    const created = await create(tx, user, 'ERASURE', SERVICES);
    await tx.outbox.create({ data: outboxRow(erasureRequested, { ...idsOf(created), round: 1 }) });
    await orderLetter(tx, user.id, 'erased');
    await lock(tx, user.id);
    const except = context.requireViewer().sessionId;
    const { tell: tellGateways } = await endSessions(context, tx, { userId: user.id, id: { not: except } });
    await audit(tx, context, 'user.data-requested', { details: { kind: 'ERASURE' } });
    return { request: created, tell: tellGateways };
  });
  await tell();
  return request;
}

async function start<Result>(
  context: Context,
  user: User,
  run: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const started = await context.db.$transaction(async (tx) => {
    // two requests at once wait for one another here
    await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${user.id} FOR UPDATE`;
    const running = await tx.dataRequest.count({ where: { userId: user.id, state: 'RUNNING' } });
    if (running > 0) throw new UserError('ALREADY_RUNNING', 'a request of yours is being worked on');
    return run(tx);
  });
  context.wakeRelay();
  return started;
}

function create(tx: Tx, user: User, kind: Kind, services: readonly string[]): Promise<DataRequest> {
  const parts = { create: services.map((service) => ({ service })) };
  return tx.dataRequest.create({ data: { id: newId('DataRequest'), userId: user.id, kind, parts } });
}

function idsOf({ id, userId }: DataRequest) {
  return { requestId: DataRequestId.parse(id), userId: UserId.parse(userId) };
}

/** Takes away every way into the account. */
async function lock(tx: Tx, userId: string): Promise<void> {
  const where = { userId };
  await tx.user.update({ where: { id: userId }, data: { passwordHash: null, deactivatedAt: new Date() } });
  await tx.oAuthIdentity.deleteMany({ where });
  await tx.apiKey.deleteMany({ where });
  await tx.passwordReset.deleteMany({ where });
  await tx.emailVerification.deleteMany({ where });
}
