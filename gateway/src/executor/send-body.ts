import type { FetchNode } from '@apollo/query-planner';

import type { Json } from './types.ts';

/** The JSON body of a fetch for given variables; all but the variables is made once. */
export function createBody({ operation, operationName, variableUsages = [] }: FetchNode) {
  const head = bodyHead(operation, operationName);
  /** `representations` is the JSON of their list, without its brackets. */
  return (variables: Json, representations?: string): string => {
    const parts: string[] = [];
    for (const name of variableUsages) {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (value !== undefined) parts.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
    }
    if (representations !== undefined) parts.push(`"representations":[${representations}]`);
    return `${head}${parts.join()}}}`;
  };
}

/** A body up to the opening of its variables; `}}` after them ends it. */
export function bodyHead(query: string, operationName?: string): string {
  const name = operationName ? `,"operationName":${JSON.stringify(operationName)}` : '';
  return `{"query":${JSON.stringify(query)}${name},"variables":{`;
}
