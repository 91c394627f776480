export { interpret, type Lookups } from './interpret.ts';
export { parseScript } from './parse.ts';
export { mayReadHistory } from './programs/history.ts';
export { passwordsGiven, readsPassword } from './programs/passwords.ts';
export { type Role, roleOf } from './programs/roles.ts';
export { DEFAULT_SHELL, heredocShell, type OpaqueShell, shellOf } from './shells.ts';
export type * from './types.ts';
export { variableBefore } from './variables.ts';
export { unwrapped } from './wrappers.ts';
