import type { Viewer } from '@volna/platform/identity';
import { logger } from '@volna/platform/log';
import { CloseCode } from 'graphql-ws';

import { authenticate } from '../auth/authenticate.ts';
import type { SignedIn, SignIns } from '../auth/sign-ins.ts';
import { TokenError } from '../auth/token-error.ts';
import type { SocketExtra } from './accept-socket.ts';

const TRY_AGAIN_LATER = 1013;

interface Held {
  readonly who: SignedIn;
  readonly watch: Disposable;
}

/**
 * Who has signed in on which socket. A token that is not valid, and one that expires or is revoked while the socket is
 * open, closes it with 4403: the code after which graphql-ws clients connect again.
 */
export class SocketSignIns {
  readonly #signIns: SignIns;
  readonly #held = new WeakMap<SocketExtra, Held>();

  constructor(signIns: SignIns) {
    this.#signIns = signIns;
  }

  viewerOf(extra: SocketExtra): Viewer | null {
    return this.#held.get(extra)?.who.viewer ?? null;
  }

  /** False where the socket is closed instead. */
  async signIn(extra: SocketExtra, authorization: unknown): Promise<boolean> {
    try {
      const who = await authenticate(this.#signIns.verify, authorization);
      if (who) this.#hold(extra, who);
      return true;
    } catch (err) {
      closeFor(extra, err);
      return false;
    }
  }

  /** Puts a newer token of the same user in the place of the one that the socket was opened with. */
  async refresh(extra: SocketExtra, authorization: unknown): Promise<void> {
    try {
      const who = await authenticate(this.#signIns.verify, authorization);
      if (!who || who.viewer.userId !== this.viewerOf(extra)?.userId) throw new TokenError('TOKEN_INVALID');
      this.#hold(extra, who);
    } catch (err) {
      closeFor(extra, err);
    }
  }

  #hold(extra: SocketExtra, who: SignedIn): void {
    const { socket } = extra;
    if (socket.readyState !== socket.OPEN) return;
    const before = this.#held.get(extra);
    if (before) before.watch[Symbol.dispose]();
    else socket.once('close', () => this.#held.get(extra)?.watch[Symbol.dispose]());
    this.#held.set(extra, { who, watch: this.#signIns.watch(who, (reason) => closeFor(extra, reason)) });
  }
}

/** The reason is the error's: `TOKEN_EXPIRED` tells the client to refresh, `TOKEN_INVALID` to sign in. */
function closeFor({ socket }: SocketExtra, err: unknown): void {
  if (err instanceof TokenError) return socket.close(CloseCode.Forbidden, err.reason);
  logger.error({ err }, 'access token could not be verified');
  socket.close(TRY_AGAIN_LATER, 'try again later');
}
