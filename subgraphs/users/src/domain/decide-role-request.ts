import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { DecideRoleRequestInput } from '../generated/graphql.ts';
import type { RoleRequest } from '../models.ts';
import { audit } from './audit.ts';
import { changeRoles } from './change-roles.ts';
import { Note } from './request-role.ts';

/** Grants or refuses a role that was asked for, once. */
export async function decideRoleRequest(
  context: Context,
  input: DecideRoleRequestInput,
): Promise<RoleRequest> {
  const { userId: decidedBy } = context.requireAdmin();
  const { requestId: id, approve } = input;
  const { reason = null } = readInput(z.object({ reason: Note }), input);
  const state = approve ? 'APPROVED' : 'REJECTED';
  const { request, tell } = await context.db.$transaction(async (tx) => {
    const { count } = await tx.roleRequest.updateMany({
      where: { id, state: 'PENDING' },
      data: { state, reason, decidedBy, decidedAt: new Date() },
    });
    const decided = await tx.roleRequest.findUnique({ where: { id } });
    if (!decided) throw new UserError('NOT_FOUND', 'no such request', ['requestId']);
    if (count === 0) throw new UserError('ALREADY_DECIDED', 'this request is decided', ['requestId']);
    const { userId, role } = decided;
    await audit(tx, context, 'role.decided', { subjectId: userId, details: { role, state, request: id } });
    if (!approve) return { request: decided, tell: null };
    const { tell: tellGateways } = await changeRoles(context, tx, userId, (roles) => [...roles, role]);
    return { request: decided, tell: tellGateways };
  });
  await tell?.();
  return request;
}
