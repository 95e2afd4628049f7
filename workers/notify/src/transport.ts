/** A letter as it is handed over. */
export interface Message {
  /** The left half of its Message-ID, which begins with the letter's id: what is equal in it is the same letter, repeated. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Transport extends AsyncDisposable {
  /** What whoever starts us is told: where letters go. */
  readonly description: string;
  /** Resolves once somebody else is responsible for the letter; else throws a `SendError`. */
  send(message: Message): Promise<void>;
  /** Drops the copies that are kept of these letters; gives how many files there were. */
  forget(letterIds: readonly string[]): Promise<number>;
}

/** A letter was not taken. Its message goes to logs and into dead letters, so it names nobody. */
export class SendError extends Error {
  override name = 'SendError';
  /** True where no other try could end better. */
  readonly permanent: boolean;

  constructor(message: string, permanent = false) {
    super(message);
    this.permanent = permanent;
  }
}
