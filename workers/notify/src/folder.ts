import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createTransport } from 'nodemailer';

import { type Sender, toMail } from './to-mail.ts';
import type { Message, Transport } from './transport.ts';

/**
 * Keeps letters as files, for a machine with no mail server: `.txt` for whoever runs it, and `.eml`, which is what
 * a mail server would have got.
 */
export function openFolder(directory: string, from: Sender): Transport {
  const composer = createTransport({ streamTransport: true, buffer: true });
  return {
    description: `${directory}   (letters with codes: no mail server is set)`,
    async send(message) {
      const { message: raw } = await composer.sendMail(toMail(message, from));
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const name = `${new Date().toISOString().replaceAll(':', '-')}-${message.id}`;
      await keep(directory, `${name}.eml`, raw as Buffer);
      await keep(directory, `${name}.txt`, toText(message));
    },
    forget: (letterIds) => forgetLetters(directory, letterIds),
    async [Symbol.asyncDispose]() {
      composer.close();
    },
  };
}

/** Removes all files of these letters, those too that a process which has ended was still writing. */
export async function forgetLetters(directory: string, letterIds: readonly string[]): Promise<number> {
  const names = await readdir(directory).catch((err: NodeJS.ErrnoException) => {
    if (err.code === 'ENOENT') return [];
    throw err;
  });
  const kept = names.filter((name) => letterIds.some((id) => name.includes(`-${id}.`)));
  await Promise.all(kept.map((name) => rm(join(directory, name), { force: true })));
  return kept.length;
}

/** Under its name a file is whole. */
async function keep(directory: string, name: string, content: string | Buffer): Promise<void> {
  const draft = join(directory, `.${name}`);
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, join(directory, name));
}

function toText({ to, subject, text }: Message): string {
  return `To: ${to}\nSubject: ${subject}\n\n${text}`;
}
