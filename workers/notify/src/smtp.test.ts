import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { openSmtp, type SmtpOptions } from './smtp.ts';
import {
  certificate,
  type MailServer,
  type MailServerOptions,
  openMailServer,
} from './testing/mail-server.ts';
import type { Message } from './transport.ts';

const FROM = { name: 'Volna «radio»', address: 'volna@example.org' };
const LETTER: Message = {
  id: 'let_1.abc',
  to: 'reader@example.net',
  subject: 'Сброс пароля',
  text: 'Код:\n\nabc-def\n',
  html: '<p>Код</p>',
};

function urlOf({ port }: Pick<MailServer, 'port'>, protocol = 'smtp', login = ''): string {
  return `${protocol}://${login}localhost:${port}`;
}

async function sendTo(
  server: Pick<MailServer, 'port'>,
  options: Partial<SmtpOptions> = {},
  letter: Message = LETTER,
): Promise<void> {
  const settings = { url: urlOf(server), from: FROM, requireTls: true, ca: certificate.cert, ...options };
  await using transport = openSmtp(settings);
  await transport.send(letter);
}

async function failureOf(options: MailServerOptions, settings: Partial<SmtpOptions> = {}) {
  await using server = await openMailServer(options);
  const failure = await sendTo(server, settings).catch((err: unknown) => err);
  expect(server.received).toEqual([]);
  return failure;
}

describe('a letter by SMTP', () => {
  it('arrives whole, over TLS', async () => {
    await using server = await openMailServer();
    await sendTo(server);
    const [received] = server.received;
    expect(received).toMatchObject({ from: FROM.address, to: [LETTER.to], secure: true });
    expect(received?.email).toMatchObject({
      from: FROM,
      to: [{ address: LETTER.to }],
      subject: LETTER.subject,
      text: expect.stringMatching(/^Код:\n\nabc-def\n+$/),
      messageId: '<let_1.abc@example.org>',
    });
    expect(received?.email.html).toContain('<p>Код</p>');
    expect(Date.parse(received?.email.date ?? '')).toBeGreaterThan(Date.now() - 60_000);
    const headers = Object.fromEntries(received?.email.headers.map(({ key, value }) => [key, value]) ?? []);
    expect(headers['auto-submitted']).toBe('auto-generated');
  });

  it('goes over TLS from the start to an smtps:// server, with a login', async () => {
    const login = { user: 'volna@example.org', pass: 'p@ss:word/' };
    await using server = await openMailServer({ tls: 'start', login });
    const given = `${encodeURIComponent(login.user)}:${encodeURIComponent(login.pass)}@`;
    await sendTo(server, { url: urlOf(server, 'smtps', given) });
    expect(server.received).toMatchObject([{ secure: true, user: login.user }]);
  });

  it('goes in the clear only where that is allowed', async () => {
    expect(await failureOf({ tls: 'none' })).toMatchObject({ name: 'SendError', permanent: false });
    await using server = await openMailServer({ tls: 'none' });
    await sendTo(server, { requireTls: false });
    expect(server.received).toMatchObject([{ secure: false }]);
  });

  it('does not go to a server whose certificate nobody vouches for', async () => {
    await using server = await openMailServer();
    await using transport = openSmtp({ url: urlOf(server), from: FROM, requireTls: true });
    await expect(transport.send(LETTER)).rejects.toMatchObject({ permanent: false });
    expect(server.received).toEqual([]);
  });

  it('waits for a login that works', async () => {
    const login = { user: 'volna', pass: 'right' };
    await using server = await openMailServer({ login });
    const failure = await sendTo(server, { url: urlOf(server, 'smtp', 'volna:wrong@') }).catch((err) => err);
    expect(failure).toMatchObject({ permanent: false });
    expect(String(failure)).toMatch(/535/);
    expect(String(failure)).not.toMatch(/wrong/);
  });

  it('waits for a server that is away', async () => {
    const server = await openMailServer();
    await server[Symbol.asyncDispose]();
    const failure = await sendTo(server).catch((err: unknown) => err);
    expect(failure).toMatchObject({ message: 'no mail server: ESOCKET', permanent: false });
  });

  it.each([
    ['a recipient that there is not', 'RCPT', '550 5.1.1 <reader@example.net>: unknown', true],
    ['a recipient that may come back', 'RCPT', '452 4.2.2 reader is over quota', false],
    ['a relay that is closed to us', 'RCPT', '554 5.7.1 relay access denied', false],
    ['a letter that the server puts off', 'DATA', '451 4.3.0 try later, reader', false],
    ['a letter that the server dislikes', 'DATA', '554 5.6.0 no, reader', false],
  ] as const)('tells %s, and names nobody', async (_title, at, reply, permanent) => {
    const failure = await failureOf({ refuse: (what) => (what === at ? reply : undefined) });
    expect(failure).toMatchObject({ name: 'SendError', permanent });
    const { message, stack } = failure as Error;
    expect(message).toContain(reply.slice(0, 9));
    expect(`${message}${stack}`).not.toMatch(/reader/);
    expect((failure as Error).cause).toBeUndefined();
  });

  it('is given up after its time, with a server that says nothing', async () => {
    await using opened = new AsyncDisposableStack();
    const silent = createServer((socket) => {
      opened.defer(() => void socket.destroy());
    }).listen(0, '127.0.0.1');
    opened.defer(() => void silent.close());
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const failure = await sendTo({ port }, { timeoutMs: 50 }).catch((err: unknown) => err);
    expect(failure).toMatchObject({ message: 'no mail server: EABORT', permanent: false });
  });

  it('goes to the one address that it is for, whatever that looks like', async () => {
    await using server = await openMailServer();
    for (const to of [
      'a@example.org, b@example.org',
      'a@example.org\r\nBcc: b@example.org',
      'a@example.org> NOTIFY=SUCCESS',
      'Ann <a@example.org>',
      'a@b@example.org',
      '',
    ]) {
      const failure = await sendTo(server, {}, { ...LETTER, to }).catch((err: unknown) => err);
      expect(failure).toMatchObject({ name: 'SendError', permanent: true });
    }
    expect(server.received).toEqual([]);
  });

  it('lets no header be written by what it says', async () => {
    await using server = await openMailServer();
    const evil = 'Hello\r\nBcc: all@example.org\r\n\r\nbody';
    await sendTo(server, {}, { ...LETTER, subject: evil, text: '.\r\nRCPT TO:<b@example.org>\r\n.\r\n' });
    const [received] = server.received;
    expect(received?.to).toEqual([LETTER.to]);
    expect(received?.email.headers.map(({ key }) => key)).not.toContain('bcc');
    expect(received?.email.text).toContain('RCPT TO:<b@example.org>');
  });
});
