import { createTransport } from 'nodemailer';

import { type Sender, toMail } from './to-mail.ts';
import { SendError, type Transport } from './transport.ts';

export interface SmtpOptions {
  /** `smtps://user:password@host:465`, or `smtp://…:587` for STARTTLS. */
  readonly url: string;
  readonly from: Sender;
  /** False lets letters go in the clear where the server offers no TLS. */
  readonly requireTls: boolean;
  /** PEM, where the server's certificate is of an authority of one's own. */
  readonly ca?: string;
  /** How long one letter may take in all. */
  readonly timeoutMs?: number;
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;
const LETTER_MS = 60_000;
const CONNECTIONS = 3;

/** Sends letters by a mail server, over a few connections that are kept open. */
export function openSmtp({ url, from, requireTls, ca, timeoutMs = LETTER_MS }: SmtpOptions): Transport {
  const { protocol, hostname, port, username, password } = new URL(url);
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  const secure = protocol === 'smtps:';
  const pool = createTransport({
    pool: true,
    host: hostname.replaceAll(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: requireTls && !secure,
    ...(user !== '' && { auth: { user, pass }, forceAuth: true }),
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    maxConnections: CONNECTIONS,
    // another try is the bus's business
    maxRequeues: 0,
    dnsTimeout: CONNECT_MS,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    description: `sent by ${hostname}`,
    async send(message) {
      const mail = toMail(message, from);
      try {
        await pool.sendMail({ ...mail, signal: AbortSignal.timeout(timeoutMs) });
      } catch (err) {
        throw toSendError(err);
      }
    },
    // what a mail server has taken is its own
    forget: async () => 0,
    // whoever closes us has waited for the letters in hand: what is late is tried again elsewhere
    [Symbol.asyncDispose]: async () => pool.transporter.close?.({ force: true }),
  };
}

/** What nodemailer tells of a failure; its texts hold addresses, so they stay here. */
interface SmtpFailure {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

function toSendError(err: unknown): SendError {
  const { code = 'unknown', command, response = '', responseCode } = err as SmtpFailure;
  if (responseCode === undefined) return new SendError(`no mail server: ${code}`);
  const [, detail] = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response) ?? [];
  const said = ['the mail server said', responseCode, detail, command && `to ${command}`];
  return new SendError(said.filter(Boolean).join(' '), isFinal(command, responseCode, detail));
}

/**
 * A recipient that the server does not want, now or later. A refusal by policy (5.7) is about us, such as a relay
 * that is closed to us: an operator mends that, and the letter may go then.
 */
function isFinal(command: string | undefined, responseCode: number, detail = ''): boolean {
  return command === 'RCPT TO' && responseCode >= 500 && !detail.startsWith('5.7.');
}
