import { TestEnvironment } from 'jest-environment-node';

const SHARED = { BigInt64Array, Float32Array, Float64Array, Int32Array, Uint8Array };

/** Node's typed arrays inside tests: onnxruntime-node checks its inputs with `instanceof`. */
export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, SHARED);
  }
}
