export { isBlank, isSpace, trimSpace } from './characters.ts';
export {
  type Environment,
  type Expansion,
  expand,
  type LexOptions,
  UNKNOWN,
  type VariableReference,
} from './expand.ts';
export { INSTRUCTIONS } from './instructions.ts';
export { parse } from './parse.ts';
export { print } from './print.ts';
export { suggest } from './suggest.ts';
export type * from './types.ts';
export {
  type CsvField,
  isFileMode,
  isMemorySize,
  parseBool,
  parseDuration,
  parseInt32,
  parseUint32,
  splitCsv,
} from './values.ts';
