export {
  type Edits,
  insertAfter,
  insertBefore,
  insertFlags,
  newlineOf,
  type Refusal,
  refused,
  removeFlag,
  removeInstruction,
  removeLine,
  replace,
} from './dockerfile.ts';
export { looseArray } from './exec-form.ts';
export { appendCommand, insertWord, removeCommand, removeWord, renameProgram, type ScriptPlace } from './shell.ts';
