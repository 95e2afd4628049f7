import type { Context } from '../context.ts';
import type { Database } from '../database.ts';

/** What is logged of accounts. */
export type AuditAction =
  | 'user.registered'
  | 'user.login'
  | 'user.logout'
  | 'user.profile-changed'
  | 'user.settings-changed'
  | 'user.deactivated'
  | 'user.activated'
  | 'user.roles-changed'
  | 'user.data-requested'
  | 'user.erased'
  | 'password.changed'
  | 'password.refused'
  | 'password.reset-requested'
  | 'password.reset'
  | 'email.change-requested'
  | 'email.verified'
  | 'session.revoked'
  | 'session.reused-token'
  | 'oauth.login'
  | 'oauth.linked'
  | 'oauth.unlinked'
  | 'api-key.created'
  | 'api-key.revoked'
  | 'role.requested'
  | 'role.decided'
  | 'dead-letter.replayed'
  | 'signing-key.rotated';

export interface AuditFacts {
  /** The viewer, unless told: an account that is just proving who it is has none yet. */
  readonly actorId?: string | null;
  /** Whom or what it was done to; the actor, unless told. */
  readonly subjectId?: string | null;
  readonly outcome?: 'OK' | 'REFUSED';
  /** No names, addresses or secrets: erasure does not look in here. */
  readonly details?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** Appends to the log of security-relevant actions; in the transaction of what it tells, where there is one. */
export async function audit(
  tx: Pick<Database, 'auditEntry'>,
  { caller, viewer }: Pick<Context, 'caller' | 'viewer'>,
  action: AuditAction,
  facts: AuditFacts = {},
): Promise<void> {
  const { actorId = viewer?.userId ?? null, outcome = 'OK', details = {} } = facts;
  const { subjectId = actorId } = facts;
  const { ip, userAgent } = caller;
  await tx.auditEntry.create({ data: { actorId, action, subjectId, outcome, details, ip, userAgent } });
}
