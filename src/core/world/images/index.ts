export { known, SCRATCH, unknownImage } from './known.ts';
export { floats, parseReference } from './reference.ts';
export { releaseFloats } from './release.ts';
export type * from './types.ts';
