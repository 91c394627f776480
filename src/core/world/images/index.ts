export { known, SCRATCH, unknownImage } from './known.ts';
export { type Platform, parsePlatform } from './platform.ts';
export { containerPorts, type PortParts, portParts, portProblem } from './ports.ts';
export { floats, parseReference } from './reference.ts';
export { releaseFloats } from './release.ts';
export type * from './types.ts';
