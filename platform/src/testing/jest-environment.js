import { TestEnvironment } from 'jest-environment-node';

/** The classes of the realm that tests run in, for `expect`, which has one of its own: `expect.any(Number)`. */
const CLASSES = Object.fromEntries(
  Object.getOwnPropertyNames(globalThis)
    .filter((name) => /^[A-Z]/.test(name) && typeof globalThis[name] === 'function')
    .map((name) => [name, globalThis[name]]),
);

export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, CLASSES);
  }
}
