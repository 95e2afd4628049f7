import { createHash, createHmac, randomBytes } from 'node:crypto';

/** A secret for a client, and the only thing of it that we keep. */
export interface Secret {
  readonly secret: string;
  readonly hash: string;
}

export function newSecret(prefix = ''): Secret {
  return asSecret(`${prefix}${randomBytes(32).toString('base64url')}`);
}

/** SHA-256 suffices for 256 random bits: there is nothing to guess. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function newSalt(): string {
  return randomBytes(32).toString('base64url');
}

/** The secret after another: known to whoever has both that one and the salt, which are never kept in one place. */
export function successorOf(secret: string, salt: string): Secret {
  return asSecret(createHmac('sha256', secret).update(salt).digest('base64url'));
}

function asSecret(secret: string): Secret {
  return { secret, hash: hashSecret(secret) };
}
