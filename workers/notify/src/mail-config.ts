import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

import { readSender, type Sender } from './to-mail.ts';

/** Where letters go: to a mail server, or into a folder. */
export const mailSettings = {
  /** `smtps://user:password@host:465`, or `smtp://…:587`. */
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'not an smtp:// or smtps:// URL' }).optional(),
  /** `optional` lets letters go in the clear where the server offers no TLS. */
  SMTP_TLS: z.enum(['required', 'optional']).default('required'),
  /** Who letters are from: `Volna <volna@example.org>`. */
  MAIL_FROM: z
    .string()
    .default('Volna <volna@localhost>')
    .transform((text, context): Sender => {
      const sender = readSender(text);
      if (!sender) context.addIssue({ code: 'custom', message: 'not like "Volna <volna@example.org>"' });
      return sender ?? { name: '', address: '' };
    }),
  /** Where letters are kept as files while `SMTP_URL` is not set. */
  MAIL_DIRECTORY: z.string().min(1).optional(),
};

/** Reads where letters go, for whoever runs the worker in a process of other things. */
export function readMailConfig(env: Record<string, string | undefined>) {
  return readConfig(mailSettings, env);
}
