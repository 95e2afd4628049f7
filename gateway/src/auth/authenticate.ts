import type { SignedIn, Verify } from './sign-ins.ts';
import { TokenError } from './token-error.ts';

/** Who an Authorization header is from; null where there is none. Throws `TokenError` for anything else. */
export async function authenticate(verify: Verify, authorization: unknown): Promise<SignedIn | null> {
  if (authorization === undefined || authorization === null || authorization === '') return null;
  const token =
    typeof authorization === 'string' ? /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1] : undefined;
  if (!token) throw new TokenError('TOKEN_INVALID');
  return verify(token);
}
