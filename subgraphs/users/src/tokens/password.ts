import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

import { SETTINGS } from '../settings.ts';

const TAG_BYTES = 32;

/** What a guess costs. */
export interface PasswordCost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

interface Work extends PasswordCost {
  readonly message: string;
  readonly nonce: Buffer;
  readonly tagLength: number;
}

/** Argon2 itself, of which each check of a password takes exactly one. */
export type Derive = (algorithm: 'argon2id', work: Work) => Promise<Buffer>;

/** Makes and checks what is kept of passwords. */
export interface Passwords {
  /** A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
  readonly hash: (password: string) => Promise<string>;
  /**
   * Whether the password is the one behind the hash. Takes as long for null, an account that there is not or that has
   * no password, so that the time tells nothing.
   */
  readonly verify: (password: string, phc: string | null) => Promise<boolean>;
  /** True for a hash that was made with other parameters than today's. */
  readonly needsRehash: (phc: string) => boolean;
}

interface Parsed {
  readonly cost: PasswordCost;
  readonly nonce: Buffer;
  readonly tag: Buffer;
}

export function openPasswords(
  cost: PasswordCost = SETTINGS.argon2,
  derive: Derive = promisify(argon2),
): Passwords {
  const { memory, passes, parallelism } = cost;
  const decoy = { cost, nonce: randomBytes(16), tag: randomBytes(TAG_BYTES) };
  const tagOf = (password: string, nonce: Buffer, { memory: m, passes: t, parallelism: p }: PasswordCost) =>
    derive('argon2id', {
      memory: m,
      passes: t,
      parallelism: p,
      message: password.normalize('NFKC'),
      nonce,
      tagLength: TAG_BYTES,
    });
  return {
    async hash(password) {
      const nonce = randomBytes(16);
      const tag = await tagOf(password, nonce, cost);
      return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`;
    },
    async verify(password, phc) {
      const known = phc === null ? null : parse(phc);
      const { nonce, tag, cost: made } = known ?? decoy;
      const given = await tagOf(password, nonce, made);
      return given.length === tag.length && timingSafeEqual(given, tag) && known !== null;
    },
    needsRehash(phc) {
      const made = parse(phc)?.cost;
      return made?.memory !== memory || made.passes !== passes || made.parallelism !== parallelism;
    },
  };
}

function parse(phc: string): Parsed | null {
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
