import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

import { type Certificate, makeCertificate } from './certificate.ts';

export const certificate: Certificate = makeCertificate();

/** What a server took. */
export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  /** Whether it came over TLS. */
  readonly secure: boolean;
  readonly user: unknown;
  readonly raw: string;
  readonly email: Email;
}

export interface MailServerOptions {
  /** A free one for 0. */
  readonly port?: number;
  /** `start`: TLS from the start; `none`: none is offered. */
  readonly tls?: 'starttls' | 'start' | 'none';
  readonly login?: { readonly user: string; readonly pass: string };
  /** What it says to a recipient, or to a letter, as `550 5.1.1 no such user`; nothing where it takes it. */
  refuse?(this: void, what: 'RCPT' | 'DATA', address: string): string | undefined;
}

export interface MailServer extends AsyncDisposable {
  readonly port: number;
  readonly received: readonly Received[];
  /** Resolves once there are so many. */
  until(count: number): Promise<readonly Received[]>;
}

/** A mail server of this machine. */
export async function openMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { tls = 'starttls', login, refuse } = options;
  const received: Received[] = [];
  let heard = Promise.withResolvers<void>();
  const server = new SMTPServer({
    ...certificate,
    secure: tls === 'start',
    disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(login ? [] : ['AUTH'])],
    authOptional: !login,
    allowInsecureAuth: tls === 'none',
    closeTimeout: 100,
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.pass) done(null, { user: username });
      else done(failure('535 5.7.8 wrong password'));
    },
    onRcptTo({ address }, _session, done) {
      done(failure(refuse?.('RCPT', address)));
    },
    onData(stream, { envelope, secure, user }, done) {
      void (async () => {
        const raw = Buffer.concat(await stream.toArray()).toString();
        const to = envelope.rcptTo.map(({ address }) => address);
        const refused = failure(refuse?.('DATA', to[0] ?? ''));
        if (refused) return done(refused);
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        received.push({ from, to, secure, user, raw, email: await PostalMime.parse(raw) });
        done();
        heard.resolve();
        heard = Promise.withResolvers();
      })();
    },
  });
  // a client that leaves in the middle is not this server's fault
  server.on('error', () => undefined);
  const listening = server.listen(options.port ?? 0, '127.0.0.1');
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    received,
    async until(count) {
      // oxlint-disable-next-line no-await-in-loop -- until they have come
      while (received.length < count) await heard.promise;
      return received;
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** `550 5.1.1 no such user` as the server's answer. */
function failure(reply: string | undefined): Error | null {
  if (reply === undefined) return null;
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });
}
