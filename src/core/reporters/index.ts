export { json, schemaVersion } from './json.ts';
export { line } from './line.ts';
export { type Paint, plain } from './paint.ts';
export { type PrettyOptions, pretty } from './pretty.ts';
export { redact } from './redact.ts';
export type { Reporter } from './reporter.ts';
export { counted, type Fixing, lastLine, type PointCount, type Summary, type Tally, tally } from './summary.ts';
export { visible, visibleLines } from './visible.ts';
