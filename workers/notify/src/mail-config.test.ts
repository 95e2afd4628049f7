import { expect, it } from '@jest/globals';

import { readMailConfig } from './mail-config.ts';
import { openTransport } from './open-transport.ts';

it('wants a mail server or a folder', () => {
  expect(() => openTransport(readMailConfig({}))).toThrow(/set SMTP_URL or MAIL_DIRECTORY/);
});

it('sends by the mail server where both are set', async () => {
  const env = { SMTP_URL: 'smtps://user:secret@mail.example.org', MAIL_DIRECTORY: '/mail' };
  await using transport = openTransport(readMailConfig(env));
  expect(transport.description).toBe('sent by mail.example.org');
});

it.each([
  [{ SMTP_URL: 'https://mail.example.org' }, /SMTP_URL/],
  [{ SMTP_URL: 'mail.example.org:587' }, /SMTP_URL/],
  [{ SMTP_TLS: 'never' }, /SMTP_TLS/],
  [{ MAIL_FROM: 'Volna' }, /MAIL_FROM/],
  [{ MAIL_FROM: 'Volna <a@example.org>\r\nBcc: b@example.org' }, /MAIL_FROM/],
])('refuses %j', (env, named) => {
  expect(() => readMailConfig({ MAIL_DIRECTORY: '/mail', ...env })).toThrow(named);
});
