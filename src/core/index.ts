/**
 * layerwise as a library: pure functions over text. Runs in Node and in browsers; reads and writes nothing.
 * @module
 */
export { decode, encode, type Source } from './language/text/index.ts';
export { check, type CheckInput, type CheckOptions, fixFile as fix, type FixOptions, type Settings } from './lint/index.ts';
export type * from './vocabulary/index.ts';
