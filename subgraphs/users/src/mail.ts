import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailer {
  send(letter: Letter): Promise<void>;
}

/** Keeps letters as files, for a machine with no mail server: whoever runs it reads them there. */
export function openMailFolder(directory: string): Mailer {
  return {
    async send({ to, subject, text }) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID().slice(0, 8)}.eml`;
      const draft = join(directory, `.${name}`);
      await writeFile(draft, toMessage({ to, subject, text }), { mode: 0o600 });
      await rename(draft, join(directory, name));
    },
  };
}

/** RFC 5322 with MIME headers, so that mail programs open it. */
function toMessage({ to, subject, text }: Letter): string {
  const headers = {
    From: 'Volna <volna@localhost>',
    To: oneLine(to),
    Date: new Date().toUTCString(),
    Subject: oneLine(subject),
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Transfer-Encoding': '8bit',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${lines.join('\n')}\n\n${text}\n`;
}

function oneLine(value: string): string {
  return value.replaceAll(/[\r\n]+/g, ' ');
}
