/** What an operation gives; its shape is the operation's. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests look into it freely
export type Answer = any;
