import type { Evidence } from '../vocabulary/index.ts';
import { isKnown, valueOf } from './known.ts';
import { startOf } from './start.ts';
import type { Build, Stage } from './types.ts';
import { plainWord, wordsOf } from './words.ts';

/** Programs that start another one as a lesser account, and nothing else. */
export const DROPPERS: ReadonlySet<string> = new Set([
  'gosu',
  'su-exec',
  'setpriv',
  's6-setuidgid',
  'chpst',
  'runuser',
  'pysu',
  'step-down',
]);
const IN_TEXT = /(?:^|[\s/"'|&;(])(?:gosu|su-exec|setpriv|s6-setuidgid|chpst\s+-u|runuser\s+-u|exec\s+su\s)/;

function base(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * What shows that a container which starts as root gives root up before the service runs: gosu, su-exec, setpriv and the
 * like in its start command, in a script that the Dockerfile writes, installed, copied or downloaded; or an entrypoint
 * of the base image that is known to do so and is still in force. Scripts from the build context are
 * for `privilegeDropInScript`. Empty when nothing was seen.
 */
export function privilegeDrop(build: Build, stage: Stage): readonly Evidence[] {
  const { file } = build;
  const found: Evidence[] = [];
  const start = startOf(stage, file);
  if (start.entrypointStep === undefined && valueOf(stage.image.dropsPrivileges) === true) {
    const fact = stage.image.dropsPrivileges;
    if (isKnown(fact))
      found.push(...fact.evidence.map(({ at }) => ({ at, says: "the base image's entrypoint gives root up" })));
  }
  for (const step of [start.entrypointStep, start.cmdStep]) {
    if (step === undefined) continue;
    const argv = step.argv ?? [];
    const named =
      argv.find((word) => DROPPERS.has(base(word))) ?? argv.map((word) => IN_TEXT.exec(word)?.[0]).find(Boolean);
    const wrapped = step.commands.find(({ command }) =>
      command.wrappers.some((wrapper) => DROPPERS.has(base(wrapper))),
    );
    if (named !== undefined || wrapped !== undefined) {
      found.push({ at: { file, span: step.instruction.span }, says: 'the start command changes the account' });
    }
  }
  for (const { steps } of [stage, ...stage.ancestors]) {
    for (const step of steps) {
      const at = { file, span: step.instruction.span };
      const { name, heredocs, flags } = step.instruction;
      if (name === 'COPY' || name === 'ADD') {
        const words = wordsOf(step.instruction).map((word) => plainWord(step, word));
        const copied = [...words, ...flags.map(({ value }) => value ?? '')];
        if (copied.some((word) => /(?:^|\/)(?:gosu|su-exec)(?:[-:@/]|$)/.test(word)))
          found.push({ at, says: 'copies gosu or su-exec' });
      }
      if (heredocs.some(({ content }) => IN_TEXT.test(content)))
        found.push({ at, says: 'writes a script that changes the account' });
      if (name !== 'RUN') continue;
      for (const { command, invocation } of step.commands) {
        const installed =
          invocation?.packages.some((each) => DROPPERS.has(each.name)) === true && invocation.action === 'install';
        const fetched = invocation?.urls.some(({ text }) => /\/(?:gosu|su-exec)\b/.test(text)) === true;
        if (installed || fetched) found.push({ at: { file, span: command.span }, says: 'installs gosu or su-exec' });
      }
    }
  }
  return found;
}
