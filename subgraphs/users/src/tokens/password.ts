import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

import { SETTINGS } from '../settings.ts';

const derive = promisify(argon2);
const TAG_BYTES = 32;

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
export async function hashPassword(password: string, cost: Cost = SETTINGS.argon2): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await tagOf(password, nonce, cost);
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`;
}

/**
 * Whether the password is the one behind the hash. Takes as long for null, an account that there is not, so
 * that the time tells nothing.
 */
export async function verifyPassword(password: string, phc: string | null): Promise<boolean> {
  const parsed = parse(phc ?? (await decoy()));
  if (!parsed) return false;
  const tag = await tagOf(password, parsed.nonce, parsed.cost);
  return tag.length === parsed.tag.length && timingSafeEqual(tag, parsed.tag) && phc !== null;
}

/** True for a hash that was made with other parameters than today's. */
export function needsRehash(phc: string, cost: Cost = SETTINGS.argon2): boolean {
  const made = parse(phc)?.cost;
  return (
    !made ||
    made.memory !== cost.memory ||
    made.passes !== cost.passes ||
    made.parallelism !== cost.parallelism
  );
}

let decoyHash: Promise<string> | undefined;

function decoy(): Promise<string> {
  return (decoyHash ??= hashPassword(randomBytes(16).toString('hex')));
}

async function tagOf(password: string, nonce: Buffer, cost: Cost): Promise<Buffer> {
  return derive('argon2id', { ...cost, message: password.normalize('NFKC'), nonce, tagLength: TAG_BYTES });
}

function parse(phc: string): { cost: Cost; nonce: Buffer; tag: Buffer } | null {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(phc);
  if (!match) return null;
  const [, memory, passes, parallelism, nonce = '', tag = ''] = match;
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    nonce: Buffer.from(nonce, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
