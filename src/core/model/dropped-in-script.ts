import { parseScript, type ShellCommand } from '../language/shell/index.ts';
import { verbatim } from '../language/text/index.ts';
import type { Evidence } from '../vocabulary/index.ts';
import { isKnown, valueOf } from './known.ts';
import { originsOf } from './origins.ts';
import { DROPPERS } from './privilege.ts';
import { scriptEnds } from './script-ends.ts';
import { type ProjectView, shellOfText, startedFile } from './seen-purpose.ts';
import { startOf } from './start.ts';

/** So many names are asked for, whatever the Dockerfile holds. */
const MAX_ASKED = 16;

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** It starts what follows as another account. `setpriv` can do much else. */
function changesAccount({ wrappers, program, span }: ShellCommand, text: string): boolean {
  const dropper = [...wrappers, program ?? ''].map(nameOf).find((name) => DROPPERS.has(name));
  return dropper !== undefined && (dropper !== 'setpriv' || /--reuid\b/.test(text.slice(...span)));
}

/**
 * Whether the project's own script that a target starts gives root up: what it hands over to runs as another account. A script
 * that nobody can read tells nothing.
 * @returns the evidence; empty when there is none
 */
export function privilegeDropInScript(view: ProjectView): readonly Evidence[] {
  const { build, facts, context } = view;
  const { target } = build;
  if (target === undefined) return [];
  const start = startOf(target, build.file);
  const step = start.entrypointStep ?? start.cmdStep;
  const words = step?.argv ?? [];
  const workdir = valueOf(target.end.workdir);
  let asked = 0;
  // An init may stand before the script, and what the script is given after it.
  for (const [i, word] of words.entries()) {
    if (!/\/|\.sh$|entrypoint/.test(word)) continue;
    const started = startedFile(words.slice(i), workdir);
    if (typeof started?.reads === 'string') continue; // code, not a script of a shell
    for (const path of started?.paths ?? []) {
      for (const origin of originsOf(build, target, path)) {
        if (origin.is !== 'context' || asked >= MAX_ASKED) continue;
        asked += 1;
        const fact = facts.ask('context-text', { context, path: origin.path });
        const text = isKnown(fact) ? fact.value.text : null;
        const shell = text === null ? undefined : shellOfText(text, path);
        if (text === null || shell === undefined) continue;
        // Only what the script hands over to counts: one that prepares a file as somebody else is root afterwards.
        const { ends } = scriptEnds(parseScript(verbatim(text, [0, text.length]), shell), started?.args ?? [], workdir);
        const drop = ends.find(({ command }) => changesAccount(command, text))?.command;
        if (drop === undefined || step === undefined) continue;
        const says = `${nameOf(path)} changes the account before the service starts`;
        const own: Evidence = { at: { file: build.file, span: step.instruction.span }, says };
        const file = context === '' || context === '.' ? origin.path : `${context}/${origin.path}`;
        return [own, { at: { file, span: drop.span }, says: 'changes the account' }];
      }
    }
  }
  return [];
}
