/** Files with an ignore comment that silences nothing: no real file has one of ours, and its removal has to be judged too. */
import { parse } from '../../src/core/language/syntax/index.ts';
import { decode, encode } from '../../src/core/language/text/index.ts';

/** Names a rule that only speaks of FROM. */
const COMMENT = '# layerwise ignore=stage-name-casing nothing here has a stage name';

/** The file with the comment before its last instruction; undefined when that is its FROM, or there is none. */
export function withUnusedIgnore(bytes: Uint8Array): Uint8Array | undefined {
  const { text } = decode(bytes);
  const last = parse(text).instructions.at(-1);
  if (last === undefined || last.name === 'FROM') return undefined;
  const at = last.lines[0];
  return encode(`${text.slice(0, at)}${COMMENT}\n${text.slice(at)}`);
}
