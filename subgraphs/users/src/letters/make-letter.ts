import type { LetterTemplate } from '@volna/events';

import { makeSignInCode } from '../abuse/sign-in-code.ts';
import type { Deps } from '../context.ts';
import type { Letter, Prisma } from '../generated/prisma/client.ts';
import type { User } from '../models.ts';
import { SETTINGS } from '../settings.ts';
import { makeResetCode, makeVerificationCode } from './codes.ts';

export interface Making {
  readonly tx: Prisma.TransactionClient;
  readonly counts: Deps['counts'];
  readonly letter: Letter;
  readonly user: User;
}

/** What a template fills in, beside the name; and `to`, where the letter goes elsewhere than to the user's address. */
export type Made = Readonly<Record<string, string>> & { readonly to?: string };

/**
 * How each letter's values are made. Its order may hold: of `verify-email` the address that is to be proved (`email`);
 * of `email-change` and `email-changed` the new address, not in full (`email`), and where the notice goes (`to`);
 * of `new-sign-in` when and from where (`at`, `ip`, `userAgent`).
 */
const MAKERS: Readonly<Record<LetterTemplate, (making: Making) => Promise<Made | null>>> = {
  async 'verify-email'(making) {
    if (await isSuperseded(making)) return null;
    const { tx, user } = making;
    const email = ordered(making, 'email') ?? user.email;
    if (email === user.email && user.emailVerifiedAt) return null;
    const code = await makeVerificationCode(tx, user.id, email);
    return { to: email, code, minutes: inMinutes(SETTINGS.verificationTokenMs) };
  },
  async 'reset-password'(making) {
    if (await isSuperseded(making)) return null;
    const code = await makeResetCode(making.tx, making.user.id);
    return { code, minutes: inMinutes(SETTINGS.resetTokenMs) };
  },
  async 'sign-in-code'(making) {
    const { counts, letter, user } = making;
    // whoever wanted to sign in has asked anew since, or given up
    const tooLate = Date.now() - letter.createdAt.getTime() > SETTINGS.signInCode.goodForMs;
    if (tooLate || (await isSuperseded(making))) return null;
    const code = await makeSignInCode({ counts }, user.id);
    return { code, minutes: inMinutes(SETTINGS.signInCode.goodForMs) };
  },
  'new-sign-in': async (making) => ({
    at: ordered(making, 'at') ?? making.letter.createdAt.toISOString(),
    device: ordered(making, 'userAgent')?.slice(0, 120) || '?',
    network: ordered(making, 'ip') || '?',
  }),
  'password-changed': async ({ letter }) => ({ at: letter.createdAt.toISOString() }),
  'email-change': async (making) => notice(making),
  'email-changed': async (making) => notice(making),
  async 'export-ready'({ tx, user: { id: userId } }) {
    const finished = { userId, kind: 'EXPORT', state: 'DONE', expiresAt: { gt: new Date() } };
    const found = await tx.dataRequest.findFirst({ where: finished, orderBy: { createdAt: 'desc' } });
    return found?.expiresAt ? { until: found.expiresAt.toISOString() } : null;
  },
  async erased({ tx, user: { id: userId } }) {
    const found = await tx.dataRequest.findFirst({ where: { userId, kind: 'ERASURE' } });
    return found && { request: found.id };
  },
};

/** Null for a letter that nobody wants any more. Whoever is being erased gets no way in, and no news but that. */
export async function makeLetter(making: Making): Promise<Made | null> {
  const template = making.letter.template as LetterTemplate;
  if (template !== 'erased' && (await isBeingErased(making))) return null;
  return MAKERS[template](making);
}

async function isBeingErased({ tx, user }: Making): Promise<boolean> {
  return (await tx.dataRequest.count({ where: { userId: user.id, kind: 'ERASURE' } })) > 0;
}

/** The last one that was asked for is the one whose code counts, whichever is sent last. */
async function isSuperseded({ tx, letter: { id, userId, template } }: Making): Promise<boolean> {
  // ids sort by time
  return (await tx.letter.count({ where: { userId, template, id: { gt: id } } })) > 0;
}

function notice(making: Making): Made {
  const to = ordered(making, 'to');
  return { email: ordered(making, 'email') ?? '', ...(to !== undefined && { to }) };
}

function ordered({ letter }: Making, name: string): string | undefined {
  const value = (letter.values as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}

function inMinutes(ms: number): string {
  return String(Math.round(ms / 60_000));
}
