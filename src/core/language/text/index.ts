export { applyEdits, mapSpan } from './edits.ts';
export { hash } from './hash.ts';
export { type LineMap, lineMap, type Position, position } from './lines.ts';
export { decode, encode, type Source } from './source.ts';
export {
  compose,
  type Segment,
  type SpanMap,
  slice,
  sourceOffset,
  sourceSpan,
  spansGap,
  textFrom,
  verbatim,
} from './span-map.ts';
