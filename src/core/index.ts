/**
 * layerwise as a library: pure functions over text. Runs in Node and in browsers; reads and writes nothing.
 * @module
 */
export { decode, encode, type Source } from './language/text/index.ts';
export {
  type CheckInput,
  type CheckOptions,
  check,
  type FixOptions,
  fixFile as fix,
  type Settings,
} from './lint/index.ts';
export type * from './vocabulary/index.ts';
