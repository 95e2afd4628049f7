import { z } from 'zod';

import { defineEvent, defineJob, defineRequest, defineSignal } from './definition.ts';
import { DataRequestId, LetterId, SessionId, UserId } from './ids.ts';

// No name, address or secret of a person travels on the bus: its store keeps messages for days.

/** Somebody has an account. */
export const userRegistered = defineEvent('users.user.registered', z.object({ userId: UserId }));

/** A user's roles are now exactly these. */
export const userRolesChanged = defineEvent(
  'users.user.roles-changed',
  z.object({ userId: UserId, roles: z.array(z.string()) }),
);

/** A user wants to listen unnamed from now on, or not any more. */
export const privateListeningSet = defineEvent(
  'users.private-listening.set',
  z.object({ userId: UserId, isPrivate: z.boolean() }),
);

/** A user wants to be played explicit tracks from now on, or not any more. */
export const explicitContentSet = defineEvent(
  'users.explicit-content.set',
  z.object({ userId: UserId, isShown: z.boolean() }),
);

/**
 * Access tokens of these sessions that were issued until this time are worth nothing. The cache holds the same for
 * gateways that were not listening.
 */
export const sessionsRevoked = defineEvent(
  'users.sessions.revoked',
  z.object({ sessionIds: z.array(SessionId), until: z.iso.datetime() }),
);

/** The same, told to whoever has open sockets, at once. */
export const sessionsRevokedNow = defineSignal(
  'signal.users.sessions-revoked',
  z.object({ sessionIds: z.array(SessionId) }),
);

export const LetterLocale = z.enum(['en', 'ru']);
export type LetterLocale = z.infer<typeof LetterLocale>;

export const LetterTemplate = z.enum([
  'verify-email',
  'reset-password',
  'sign-in-code',
  'new-sign-in',
  'password-changed',
  'email-change',
  'email-changed',
  'export-ready',
  'erased',
]);
export type LetterTemplate = z.infer<typeof LetterTemplate>;

/** A letter is to be sent. What it says, and to whom, is asked for when it is sent, and stored nowhere on the way. */
export const letterOrdered = defineJob('jobs.letter', z.object({ letterId: LetterId }));

/** Asked by the notify worker before it sends; null when the letter is not wanted any more. */
export const letterClaim = defineRequest(
  'request.users.letter',
  z.object({ letterId: LetterId }),
  z.object({
    letter: z
      .object({
        to: z.string(),
        locale: LetterLocale,
        template: LetterTemplate,
        /** What the template fills in; secrets among it are made for this try. */
        values: z.record(z.string(), z.string()),
      })
      .nullable(),
  }),
);

/** Copies of these letters that were kept, where no mail server takes them, are to go. Gives how many there were. */
export const lettersForget = defineRequest(
  'request.notify.forget',
  z.object({ letterIds: z.array(LetterId) }),
  z.object({ files: z.int().nonnegative() }),
);

/** How the sending of a letter went. */
export const letterSettled = defineEvent(
  'jobs-events.letter-settled',
  z.object({ letterId: LetterId, sent: z.boolean(), error: z.string().nullable() }),
);

/** Somebody wants everything that is kept of them: each service gathers its part. */
export const exportRequested = defineEvent(
  'users.export.requested',
  z.object({ requestId: DataRequestId, userId: UserId, prefix: z.string().min(1) }),
);

/**
 * Somebody wants to be forgotten: each service erases its part. Asked twice: the second round finds what was still
 * on its way during the first.
 */
export const erasureRequested = defineEvent(
  'users.erasure.requested',
  z.object({ requestId: DataRequestId, userId: UserId, round: z.int().positive() }),
);

/** A service has done its part of a data request. */
export const dataPartDone = defineEvent(
  'users.data-part.done',
  z.object({
    requestId: DataRequestId,
    service: z.string().min(1),
    round: z.int().positive(),
    /** How many of each kind of thing: rows by table, objects, vectors. */
    counts: z.record(z.string(), z.number().int().nonnegative()),
    /** Objects of an export, in the order in which the archive holds them. */
    files: z.array(z.object({ key: z.string(), name: z.string() })),
  }),
);

/** A data request has moved: whoever shows it reads the row. */
export const dataRequestMoved = defineSignal(
  'signal.users.data-request',
  z.object({ requestId: DataRequestId }),
);
