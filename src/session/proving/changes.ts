import { installSteps, labelArgument } from '../../core/evidence/proof/index.ts';
import { foretell } from '../../core/evidence/replay/index.ts';
import type { ProofChange, ProofForetold } from '../../core/vocabulary/index.ts';
import { foretoldAndSeen } from '../foretold.ts';
import type { BuildRequest, Built, ProofEngine } from '../proof-engine.ts';
import { toldSteps } from './build.ts';
import type { Notes } from './notes.ts';
import { type ProofOrder, tagOf } from './order.ts';

/** No further build is begun when these took so many seconds. */
const budget = 180;

type Side = 'before' | 'after';

/** The first file whose change makes a step install again, as replay foretells it. */
function manifestOf({ before, after, target, dependencies }: ProofOrder): string | undefined {
  return dependencies.files.find((file) =>
    [after, before].some(({ text }) => {
      const steps = foretell(text, file, target).map((step) => ({
        ...step,
        stage: step.stage.name ?? `stage-${step.stage.index}`,
      }));
      return installSteps(text, target).some((install) => install.find(steps)?.is === 'reruns');
    }),
  );
}

/** Builds both sides once more after a change of what they depend on, and once with another value of what a label says. */
export async function rebuildChanged(
  order: ProofOrder,
  engine: ProofEngine,
  notes: Notes,
  images: readonly Side[],
): Promise<{ readonly changes: readonly ProofChange[]; readonly foretold: readonly ProofForetold[] }> {
  const changes: ProofChange[] = [];
  const foretold: ProofForetold[] = [];
  let spent = 0;

  const rebuild = async (of: Side, change: ProofChange['change'], what: string, args?: BuildRequest['args']) => {
    const probe = change === 'dependency' ? 'dependency-seconds' : 'label-seconds';
    if (spent > budget) {
      notes.missing(of, probe, `the builds before it took ${Math.round(spent)} s`);
      return undefined;
    }
    order.tell(`building the ${of} after a change of ${what}`);
    const { path: dockerfile, text } = order[of];
    const built = await engine.build({
      ...{ dockerfile, context: order.context, tag: tagOf(order, `${of}-${change}`) },
      ...(args === undefined ? {} : { args }),
      ...(order.target === undefined ? {} : { target: order.target }),
    });
    spent += built.seconds;
    if (!built.ok) {
      notes.missing(of, probe, `it does not build after a change of ${what}`);
      return undefined;
    }
    notes.value(of, probe, built.seconds);
    const steps = toldSteps(text, order.target, built.steps);
    changes.push({ of, change, what, seconds: built.seconds, steps });
    return built;
  };

  const manifest = manifestOf(order);
  for (const of of manifest === undefined ? [] : images) {
    await order.dependencies.again(manifest as string);
    const built = await rebuild(of, 'dependency', manifest as string);
    if (built === undefined) continue;
    notes.value(of, 'dependency-reruns', reran(built).length);
    foretold.push(foretoldAndSeen(of, order[of].text, manifest as string, order.target, built.steps));
  }

  for (const of of images) {
    const argument = labelArgument(order[of].text, order.target);
    const installs = installSteps(order[of].text, order.target);
    if (argument === undefined) continue;
    const built = await rebuild(of, 'label', argument, { [argument]: order.canary() });
    if (built === undefined) {
      notes.missing(of, 'label-reinstalls', 'it was not built', argument);
      continue;
    }
    const found = installs.map((install) => install.find(built.steps));
    if (found.includes(undefined))
      notes.missing(of, 'label-reinstalls', 'the engine does not tell which of its steps install', argument);
    else notes.value(of, 'label-reinstalls', found.filter((step) => step?.cached === false).length, argument);
  }
  return { changes, foretold };
}

const reran = ({ steps }: Built) =>
  steps.filter(({ number, cached, text }) => number > 0 && !cached && !/^FROM\b/i.test(text));
