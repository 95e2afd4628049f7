import { ClientError } from '@volna/platform/errors';

export type TokenFault = 'TOKEN_INVALID' | 'TOKEN_EXPIRED';

const MESSAGES: Record<TokenFault, string> = {
  TOKEN_INVALID: 'the access token is not valid: sign in again',
  TOKEN_EXPIRED: 'the access token has expired: refresh the session',
};

/** A token was sent and proves nothing. Such a request is refused, never treated as a stranger's. */
export class TokenError extends ClientError {
  override name = 'TokenError';
  readonly reason: TokenFault;

  constructor(reason: TokenFault) {
    super('UNAUTHENTICATED', MESSAGES[reason]);
    this.reason = reason;
    this.extensions['reason'] = reason;
  }
}
