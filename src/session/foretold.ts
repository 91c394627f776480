import { foretell } from '../core/evidence/replay/index.ts';
import type { ProofForetold } from '../core/vocabulary/index.ts';
import type { BuildStep } from './proof-engine.ts';

const keywordOf = (text: string) => text.split(/\s/, 1)[0]?.toUpperCase();

/**
 * What replay foretold of a build after an edit, beside what the engine did. A step that two stages share is told of one of them
 * only.
 */
export function foretoldAndSeen(
  of: ProofForetold['of'],
  dockerfile: string,
  file: string,
  target: string | undefined,
  steps: readonly BuildStep[],
): ProofForetold {
  const foretold = foretell(dockerfile, file, target);
  const stages = new Set(foretold.map(({ stage }) => stage.index)).size;
  return {
    of,
    file,
    steps: foretold.map(({ stage, number, text, is }) => {
      const told = steps.find(
        (step) =>
          step.number === number &&
          keywordOf(step.text) === keywordOf(text) &&
          (step.stage === undefined
            ? stages === 1
            : step.stage === `stage-${stage.index}` || step.stage.toLowerCase() === stage.name),
      );
      return { text, is, ran: told === undefined ? null : !told.cached };
    }),
  };
}
