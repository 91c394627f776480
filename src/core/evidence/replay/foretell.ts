import { parse } from '../../language/syntax/index.ts';
import { buildModel, DEFAULT_PLATFORM, executedSteps, type Stage } from '../../model/index.ts';
import { planOf } from './plan.ts';
import { Replayer } from './replayer.ts';

/** A step and whether it reruns when one file of the context is another one. */
export interface Foretold {
  /** Its stage: by its place among all, and its name in small letters. */
  readonly stage: { readonly index: number; readonly name: string | undefined };
  /** Its place among the steps of its stage, as BuildKit counts them. */
  readonly number: number;
  readonly text: string;
  /** `open`: files are copied from a stage that reruns, and may be the same. */
  readonly is: 'reruns' | 'cached' | 'open';
}

/**
 * Which steps of a build rerun after an edit of one file that is sent: those of all stages that the target needs, FROM apart.
 * @param path relative to the context
 */
export function foretell(dockerfile: string, path: string, target?: string): readonly Foretold[] {
  const build = buildModel(parse(dockerfile), {
    file: 'Dockerfile',
    buildArgs: DEFAULT_PLATFORM,
    ...(target === undefined ? {} : { target }),
  });
  const replayer = new Replayer(1, 'previous');
  const edited = (id: string) => ({ path, entry: { mode: '100644', id } });
  replayer.change(edited('before'));
  replayer.use({ plans: [planOf(build)], ignore: undefined });
  replayer.start();
  replayer.change(edited('after'));
  replayer.commit({ id: '', subject: '' }, [path]);
  const { sides, commits } = replayer.result(['']);
  const reruns = commits[0]?.reruns[0];
  const numbers = new Map(build.stages.map((stage) => [stage, numbersOf(stage)]));
  return (sides[0]?.steps ?? []).flatMap(({ stage, instruction, text, line }, index): Foretold[] => {
    const of = build.stages.find(({ label }) => label === stage);
    if (instruction === 'FROM' || of === undefined) return [];
    const is = reruns?.certain.includes(index) ? 'reruns' : reruns?.possible.includes(index) ? 'open' : 'cached';
    const number = numbers.get(of)?.get(line ?? 0) ?? 0;
    return [{ stage: { index: of.index, name: of.name }, number, text, is }];
  });
}

const MAKES_A_LAYER: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/**
 * Numbers of a stage's steps by their line. FROM is one where it names an image.
 * Source of the behaviour: `cmdTotal` in frontend/dockerfile/dockerfile2llb/convert.go of github.com/moby/buildkit.
 */
function numbersOf(stage: Stage): ReadonlyMap<number, number> {
  const numbers = new Map<number, number>();
  let number = stage.base.kind === 'image' ? 1 : 0;
  for (const { instruction } of executedSteps(stage))
    if (MAKES_A_LAYER.has(instruction.name)) {
      number += 1;
      numbers.set(instruction.startLine, number);
    }
  return numbers;
}
