import type { Expansion } from './types.ts';

/** A word under construction: the value equals `unquoted` as long as nothing has expanded. */
export interface Draft {
  unquoted: string;
  prefix: string | undefined;
  variables: string[] | undefined;
  expansions: Expansion[] | undefined;
}

/** Adds text that the shell replaces. */
export function expand(draft: Draft, kind: Expansion, written: string): void {
  draft.prefix ??= draft.unquoted;
  draft.unquoted += written;
  if (draft.expansions === undefined) draft.expansions = [kind];
  else if (!draft.expansions.includes(kind)) draft.expansions.push(kind);
}

/** Adds a variable's expansion. */
export function variable(draft: Draft, name: string, written: string): void {
  expand(draft, 'variable', written);
  mention(draft, name);
}

/** Notes a variable that stands inside an expansion already added. */
export function mention(draft: Draft, name: string): void {
  if (draft.variables === undefined) draft.variables = [name];
  else if (!draft.variables.includes(name)) draft.variables.push(name);
}

/** A word of nothing. */
export function emptyDraft(): Draft {
  return { unquoted: '', prefix: undefined, variables: undefined, expansions: undefined };
}
