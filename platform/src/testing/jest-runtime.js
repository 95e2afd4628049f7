import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

import Runtime from 'jest-runtime';

import { setGlobals } from './jest-globals.js';

const GLOBALS = new URL('jest-globals.js', import.meta.url).href;

registerHooks({
  resolve: (name, context, next) =>
    name === '@jest/globals' ? { url: GLOBALS, shortCircuit: true } : next(name, context),
});

/**
 * Runs tests as Node runs the services: by its own module loader, in one realm. What a file imports stays loaded for
 * the files after it in the same process, where Jest would load and compile all of it for each file anew. So a module
 * may not keep state that a test changes.
 */
export default class extends Runtime {
  setGlobalsForRuntime(globals) {
    super.setGlobalsForRuntime(globals);
    setGlobals(globals);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  unstable_importModule(file) {
    return import(pathToFileURL(file).href);
  }
}
