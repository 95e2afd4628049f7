import { statSync } from 'node:fs';
import { relative, sep } from 'node:path';

const WHOLE_STACKS = ['local', 'workers'];

/** Tests of whole stacks first, so that none of them is what the others' end is waited with; then by size. */
export default class {
  sort(tests) {
    const order = new Map(tests.map((test) => [test, [isOfStacks(test) ? 0 : 1, -statSync(test.path).size]]));
    return tests.toSorted((a, b) => {
      const [group, size] = order.get(a);
      const [otherGroup, otherSize] = order.get(b);
      return group - otherGroup || size - otherSize;
    });
  }

  cacheResults() {}
}

function isOfStacks({ path, context }) {
  const [folder] = relative(context.config.rootDir, path).split(sep);
  return WHOLE_STACKS.includes(folder);
}
