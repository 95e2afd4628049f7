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
      await writeFile(draft, `To: ${oneLine(to)}\nSubject: ${oneLine(subject)}\n\n${text}\n`, {
        mode: 0o600,
      });
      await rename(draft, join(directory, name));
    },
  };
}

function oneLine(value: string): string {
  return value.replaceAll(/[\r\n]+/g, ' ');
}
