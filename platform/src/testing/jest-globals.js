/** What `@jest/globals` is to modules that outlive a test file: each call goes to the file that runs now. */
let globals;

export function setGlobals(current) {
  globals = current;
}

export const afterAll = ofThisFile('afterAll');
export const afterEach = ofThisFile('afterEach');
export const beforeAll = ofThisFile('beforeAll');
export const beforeEach = ofThisFile('beforeEach');
export const describe = ofThisFile('describe');
export const expect = ofThisFile('expect');
export const it = ofThisFile('it');

function ofThisFile(name) {
  return new Proxy(() => {}, {
    apply: (_, self, args) => Reflect.apply(globals[name], self, args),
    get: (_, key) => globals[name][key],
  });
}
