/** Something that this machine does not have and that could not be fetched; the message says what and why. */
export class UnavailableError extends Error {
  override name = 'UnavailableError';
}
