export { createExecutor, type Execution, type Executor, type ExecutorOptions } from './create-executor.ts';
export type { CompiledOperation } from './compile-operation.ts';
export type { Json, Open, OperationKind, Path, RawError, RawResult, Send, Withheld } from './types.ts';
