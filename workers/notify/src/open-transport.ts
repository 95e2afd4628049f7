import { ConfigError } from '@volna/platform/config';

import { openFolder } from './folder.ts';
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
    return openSmtp({ url: SMTP_URL, from: MAIL_FROM, requireTls: SMTP_TLS === 'required' });
  }
  if (!MAIL_DIRECTORY) throw new ConfigError('invalid environment\n✖ set SMTP_URL or MAIL_DIRECTORY');
  return openFolder(MAIL_DIRECTORY, MAIL_FROM);
}
