import { parse } from '../../../src/core/language/syntax/index.ts';
import { type Build, type BuildOptions, buildModel, type Stage, type Step } from '../../../src/core/model/index.ts';
import type { Fact } from '../../../src/core/vocabulary/index.ts';

/** The model of a Dockerfile; leading blanks of its lines are not part of it. */
export function model(text: string, options: Omit<BuildOptions, 'file'> = {}): Build {
  return buildModel(parse(text.replace(/^ +/gm, '').trimStart()), { file: 'Dockerfile', ...options });
}

/** The last stage of a Dockerfile. */
export function lastStage(text: string, options: Omit<BuildOptions, 'file'> = {}): Stage {
  return model(text, options).stages.at(-1) as Stage;
}

/** A fact's value, `'?'` when it is unknown. */
export function value<T>(fact: Fact<T> | undefined): T | undefined | '?' {
  if (fact === undefined) return undefined;
  return 'value' in fact ? fact.value : '?';
}

/** The step of that label, e.g. `RUN 2`, in the stage. */
export function step(stage: Stage | undefined, label: string): Step {
  const found = stage?.steps.find((each) => each.label === label);
  if (found === undefined) throw new Error(`no step ${label}`);
  return found;
}
