import { payload } from '@volna/platform/errors';

import { setRoles } from '../domain/change-roles.ts';
import { decideRoleRequest } from '../domain/decide-role-request.ts';
import { listRoleRequests } from '../domain/list-role-requests.ts';
import { readAuditLog } from '../domain/read-audit-log.ts';
import { requestRole } from '../domain/request-role.ts';
import type {
  AuditEntryResolvers,
  AuditOutcome,
  MutationResolvers,
  QueryResolvers,
  Role,
  RoleRequestResolvers,
  RoleRequestState,
} from '../generated/graphql.ts';
import type { RoleRequest as RoleRequestRow } from '../models.ts';
import { user } from './account-mutations.ts';
import { findUser } from './user.ts';

export const adminQueries = {
  auditLog: (_root, args, context) => readAuditLog(context, args),
  roleRequests: (_root, args, context) => listRoleRequests(context, args),
} satisfies QueryResolvers;

export const adminMutations = {
  requestRole: (_root, { input }, context) => roleRequest(() => requestRole(context, input)),
  decideRoleRequest: (_root, { input }, context) => roleRequest(() => decideRoleRequest(context, input)),
  setRoles: (_root, { input }, context) => user(() => setRoles(context, input)),
} satisfies MutationResolvers;

export const AuditEntry: AuditEntryResolvers = {
  id: ({ id }) => String(id),
  actor: ({ actorId }, _args, context) => (actorId === null ? null : findUser(context, actorId)),
  outcome: ({ outcome }) => outcome as AuditOutcome,
  details: ({ details }) => JSON.stringify(details),
};

export const RoleRequest: RoleRequestResolvers = {
  user: ({ userId }, _args, context) => findUser(context, userId),
  role: ({ role }) => role as Role,
  state: ({ state }) => state as RoleRequestState,
};

function roleRequest(run: () => Promise<RoleRequestRow>) {
  return payload<{ roleRequest: RoleRequestRow }>({ roleRequest: null }, async () => ({
    roleRequest: await run(),
  }));
}
