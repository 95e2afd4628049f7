import { ConfigError } from '@volna/platform/config';

import { forgetLetters, openFolder } from './folder.ts';
import { openSmtp } from './smtp.ts';
import type { Sender } from './to-mail.ts';
import type { Transport } from './transport.ts';

export interface MailConfig {
  readonly SMTP_URL?: string | undefined;
  readonly SMTP_TLS: 'required' | 'optional';
  readonly MAIL_FROM: Sender;
  readonly MAIL_DIRECTORY?: string | undefined;
}

/** Where letters go by these settings: to the mail server that they name, else into the folder. */
export function openTransport({ SMTP_URL, SMTP_TLS, MAIL_FROM, MAIL_DIRECTORY }: MailConfig): Transport {
  if (SMTP_URL) {
    const smtp = openSmtp({ url: SMTP_URL, from: MAIL_FROM, requireTls: SMTP_TLS === 'required' });
    // letters of the time before there was a mail server
    return MAIL_DIRECTORY ? { ...smtp, forget: (ids) => forgetLetters(MAIL_DIRECTORY, ids) } : smtp;
  }
  if (!MAIL_DIRECTORY) throw new ConfigError('invalid environment\n✖ set SMTP_URL or MAIL_DIRECTORY');
  return openFolder(MAIL_DIRECTORY, MAIL_FROM);
}
