import { newId } from '@volna/events';
import { cleanLines } from '@volna/platform/clean-text';
import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { RequestRoleInput } from '../generated/graphql.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { RoleRequest } from '../models.ts';
import { audit } from './audit.ts';

const LONGEST_NOTE = 1000;

/** What somebody writes to a role request, of either side. */
export const Note = z
  .string()
  .max(4 * LONGEST_NOTE)
  .transform(cleanLines)
  .pipe(z.string().max(LONGEST_NOTE, 'at most 1,000 characters'))
  .transform((note) => note || null)
  .nullish();

/** Asks an ADMIN for a role that the viewer does not have. */
export async function requestRole(context: Context, input: RequestRoleInput): Promise<RoleRequest> {
  const { userId } = context.requireViewer();
  const { role } = input;
  const { note = null } = readInput(z.object({ note: Note }), input);
  const { roles } = await context.db.user.findUniqueOrThrow({ where: { id: userId } });
  if (roles.includes(role)) throw new UserError('ALREADY_HAS_ROLE', 'you have this role', ['role']);
  try {
    return await context.db.$transaction(async (tx) => {
      const id = newId('RoleRequest');
      const request = await tx.roleRequest.create({ data: { id, userId, role, note } });
      await audit(tx, context, 'role.requested', { details: { role, request: id } });
      return request;
    });
  } catch (err) {
    const isTaken = err instanceof Prisma.PrismaClientKnownRequestError && err.code === 'P2002';
    if (!isTaken) throw err;
    throw new UserError('ALREADY_REQUESTED', 'you have asked for this role; an ADMIN will decide', ['role']);
  }
}
