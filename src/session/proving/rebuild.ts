import { installSteps } from '../../core/evidence/proof/index.ts';
import type { ProofForetold, ProofRebuild, ProofReport } from '../../core/vocabulary/index.ts';
import { foretoldAndSeen } from '../foretold.ts';
import type { BuildStep, Built, ProofEngine } from '../proof-engine.ts';
import { toldSteps } from './build.ts';
import type { Notes } from './notes.ts';
import { type ProofOrder, tagOf } from './order.ts';

/** Rebuilds go on until there are three, or until this many seconds are spent. */
const mostRebuilds = 3;
const rebuildBudget = 60;

/** Builds both sides after an edit, more than once while that is quick. */
export async function rebuild(
  order: ProofOrder,
  engine: ProofEngine,
  notes: Notes,
  images: readonly ('before' | 'after')[],
): Promise<Required<Pick<ProofReport, 'rebuilds' | 'foretold'>>> {
  const { edit } = order;
  const foretold: ProofForetold[] = [];
  const rebuilds: ProofRebuild[] = [];
  const installs = new Map(
    images.map((of) => [of, installSteps((of === 'after' ? order.after : order.before).text, order.target)] as const),
  );
  if (edit === undefined) {
    for (const of of images)
      for (const { name } of installs.get(of) ?? [])
        notes.missing(of, 'step-cached', 'there is no source file to edit: name one with --touch', name);
    return { rebuilds, foretold };
  }
  let spent = 0;
  for (let round = 1; round <= mostRebuilds && spent < rebuildBudget; round++) {
    for (const of of images) {
      // One for each: where the sides share steps, the first would fill the cache of the second.
      await edit.again();
      order.tell(`building the ${of} after an edit of ${edit.file}, ${round} of ${mostRebuilds}`);
      const built = await engine.build({
        dockerfile: (of === 'after' ? order.after : order.before).path,
        context: order.context,
        tag: tagOf(order, `${of}-edited-${round}`),
        ...(order.target === undefined ? {} : { target: order.target }),
      });
      spent += built.seconds;
      const { text } = of === 'after' ? order.after : order.before;
      if (built.ok && round === 1) foretold.push(foretoldAndSeen(of, text, edit.file, order.target, built.steps));
      const steps = toldSteps(text, order.target, built.steps);
      if (built.ok) rebuilds.push({ of, file: edit.file, seconds: built.seconds, steps });
      if (built.ok) notes.value(of, 'rebuild-seconds', built.seconds);
      else notes.missing(of, 'rebuild-seconds', 'it does not build after the edit');
      for (const install of installs.get(of) ?? []) {
        const seen = cachedOrWhyNot(built, install.find(built.steps), edit.file);
        if (typeof seen === 'boolean') notes.value(of, 'step-cached', seen, install.name);
        else notes.missing(of, 'step-cached', seen, install.name);
      }
    }
  }
  return { rebuilds, foretold };
}

function cachedOrWhyNot(built: Built, step: BuildStep | undefined, file: string): boolean | string {
  if (!built.ok) return 'it does not build after the edit';
  if (step === undefined) return 'the engine does not tell which of its steps it is';
  const reran = built.steps.some(({ number, cached, text }) => number > 0 && !cached && !/^FROM\b/i.test(text));
  return reran ? step.cached : `an edit of ${file} reruns no step: name another file with --touch`;
}
