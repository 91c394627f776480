import type { Span } from '../../vocabulary/index.ts';
import type { CommentLine, Dockerfile, Instruction } from '../syntax/index.ts';

export type IgnoreDialect = 'layerwise' | 'hadolint' | 'buildkit';

/** A comment that silences rules, in one of three dialects. */
export interface IgnoreComment {
  readonly dialect: IgnoreDialect;
  /** Ids as written: `apt-lists-left-behind`, `DL3009`, `StageNameCasing`; `all` for BuildKit's `skip=all`. */
  readonly ids: readonly { readonly id: string; readonly span: Span }[];
  readonly scope: 'file' | 'instruction';
  /** The instruction it speaks of; undefined for the whole file. */
  readonly instruction: Instruction | undefined;
  /** The comment, or the directive, without its newline. */
  readonly at: Span;
  readonly reason: string | undefined;
}

/** `name=value`, then what follows it; offsets in the comment. */
interface Setting {
  readonly value: string;
  readonly at: number;
  readonly rest: string;
}

/** Reads `lead … key=value rest` after "#"; the words of `lead` must be there, separated by blanks. */
function setting(comment: string, lead: readonly string[], key: string): Setting | undefined {
  let at = 1;
  const blanks = () => {
    while (comment[at] === ' ' || comment[at] === '\t') at += 1;
  };
  blanks();
  for (const word of lead) {
    if (!comment.startsWith(word, at)) return undefined;
    at += word.length;
    const before = at;
    blanks();
    if (at === before) return undefined;
  }
  if (!comment.startsWith(key, at)) return undefined;
  at += key.length;
  blanks();
  if (comment[at] !== '=') return undefined;
  at += 1;
  blanks();
  let end = at;
  while (end < comment.length && !' \t\r'.includes(comment[end] as string)) end += 1;
  // "A, B": a list goes on over blanks that follow a comma
  while (comment[end - 1] === ',') {
    let next = end;
    while (comment[next] === ' ' || comment[next] === '\t') next += 1;
    if (next === end || next >= comment.length) break;
    end = next;
    while (end < comment.length && !' \t\r'.includes(comment[end] as string)) end += 1;
  }
  return { value: comment.slice(at, end), at, rest: comment.slice(end).trim() };
}

function idsOf(list: string, offset: number): IgnoreComment['ids'] {
  const ids: { id: string; span: Span }[] = [];
  let at = 0;
  for (const part of list.split(',')) {
    const id = part.trim();
    const start = offset + at + part.indexOf(id);
    if (id !== '') ids.push({ id, span: [start, start + id.length] });
    at += part.length + 1;
  }
  return ids;
}

/** `skip=A,B;error=true` → the list after `skip=`, as BuildKit cuts it. */
function skipList(value: string): { readonly list: string; readonly at: number } | undefined {
  let at = 0;
  for (const option of value.split(';')) {
    if (option.trim().startsWith('skip=')) {
      const from = option.indexOf('skip=') + 'skip='.length;
      return { list: option.slice(from), at: at + from };
    }
    at += option.length + 1;
  }
  return undefined;
}

function ofComment(
  comment: CommentLine,
  text: string,
  instruction: Instruction | undefined,
): IgnoreComment | undefined {
  const [start, end] = comment.span;
  const line = text.slice(start, end);
  const make = (
    dialect: IgnoreDialect,
    scope: 'file' | 'instruction',
    found: Setting,
    list = found.value,
    at = found.at,
  ) => ({
    dialect,
    ids: idsOf(list, start + at),
    scope,
    instruction: scope === 'file' ? undefined : instruction,
    at: comment.span,
    reason: found.rest === '' ? undefined : found.rest,
  });
  const everywhere = setting(line, ['layerwise'], 'ignore-file');
  if (everywhere !== undefined) return make('layerwise', 'file', everywhere);
  const global = setting(line, ['hadolint', 'global'], 'ignore');
  if (global !== undefined) return make('hadolint', 'file', global);
  const own = setting(line, ['layerwise'], 'ignore');
  if (own !== undefined) return make('layerwise', 'instruction', own);
  // `# layerwise ignore` without ids is meant for us, and must not pass for a plain comment
  if (/^#[ \t]*layerwise[ \t]+ignore/.test(line))
    return make('layerwise', 'instruction', { value: '', at: 1, rest: '' });
  const hadolint = setting(line, ['hadolint'], 'ignore');
  if (hadolint !== undefined) return make('hadolint', 'instruction', hadolint);
  // BuildKit does not see an indented one
  const indented = start > 0 && text[start - 1] !== '\n';
  const check = indented ? undefined : setting(line, [], 'check');
  const skip = check === undefined ? undefined : skipList(check.value);
  if (check === undefined || skip === undefined) return undefined;
  return make('buildkit', 'instruction', check, skip.list, check.at + skip.at);
}

/** Every ignore comment of a file, in order. One that stands above no instruction speaks of nothing and is still returned. */
export function ignoreComments(dockerfile: Dockerfile): readonly IgnoreComment[] {
  const ignores: IgnoreComment[] = [];
  for (const directive of dockerfile.directives) {
    const skip = directive.name === 'check' ? skipList(directive.value) : undefined;
    if (skip === undefined) continue;
    const ids = idsOf(skip.list, directive.valueSpan[0] + skip.at);
    ignores.push({
      dialect: 'buildkit',
      ids,
      scope: 'file',
      instruction: undefined,
      at: directive.span,
      reason: undefined,
    });
  }
  const owner = new Map<CommentLine, Instruction>();
  for (const instruction of dockerfile.instructions) {
    for (const comment of instruction.comments) owner.set(comment, instruction);
  }
  for (const item of dockerfile.items) {
    if (item.kind !== 'comment') continue;
    const ignore = ofComment(item, dockerfile.text, owner.get(item));
    if (ignore !== undefined) ignores.push(ignore);
  }
  return ignores;
}
