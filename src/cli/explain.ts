import { unusedIgnore, unusedIgnoreDocs } from '../core/lint/unused-ignore-page.ts';
import type { Rule, RuleDocs } from '../core/rules/define.ts';
import { docs } from '../core/rules/docs.gen.ts';
import { rules } from '../core/rules/registry.gen.ts';
import { safeFixes } from '../core/rules/safety.gen.ts';
import { type ExitStatus, exit, usageError } from './exit.ts';
import { findRule } from './find-rule.ts';
import type { Io } from './io.ts';
import type { Parsed } from './parse.ts';
import { rulePage } from './rule-page.ts';

export interface Pages {
  readonly rules: readonly Rule[];
  readonly docs: Readonly<Record<string, RuleDocs>>;
  readonly safe: ReadonlySet<string>;
}

/** `layerwise explain`. */
export function explain({ operands }: Parsed, io: Io, pages: Pages = { rules, docs, safe: safeFixes }): ExitStatus {
  const [name, ...more] = operands;
  if (name === undefined || more.length > 0) {
    return usageError(io, 'explain', { usage: 'explain takes one rule', help: 'layerwise rules lists them' });
  }
  if (name.toLowerCase() === unusedIgnore.id) {
    io.out.write(rulePage(unusedIgnore, unusedIgnoreDocs, pages.safe));
    return exit.clean;
  }
  const rule = findRule(pages.rules, name);
  if ('usage' in rule) return usageError(io, 'explain', rule);
  const page = pages.docs[rule.id];
  if (page === undefined) throw new Error(`${rule.id} has no page`);
  io.out.write(rulePage(rule, page, pages.safe));
  return exit.clean;
}
