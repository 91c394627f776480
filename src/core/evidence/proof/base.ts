import { parse } from '../../language/syntax/index.ts';
import { type Build, buildModel, type Stage } from '../../model/index.ts';

/**
 * A Dockerfile that builds the image under the target and nothing else, so that any builder can tell its size; `scratch` when there
 * is none. Undefined when the file has no stage.
 */
export function baseOf(dockerfile: string, target?: string): { readonly dockerfile: string } | 'scratch' | undefined {
  const build = buildModel(parse(dockerfile), { file: 'Dockerfile', ...(target === undefined ? {} : { target }) });
  const stage = build.target;
  if (stage === undefined) return undefined;
  if (stage.root.kind === 'scratch') return 'scratch';
  return { dockerfile: fromAlone(dockerfile, build, stage) };
}

/**
 * Dockerfiles of the images under the other stages that the target needs: an image without tools is most often made in one that has
 * them, and that one is at hand.
 */
export function toolBases(dockerfile: string, target?: string): readonly string[] {
  const build = buildModel(parse(dockerfile), { file: 'Dockerfile', ...(target === undefined ? {} : { target }) });
  const others = build.needed
    .filter(({ root }) => root.kind === 'image')
    .map((stage) => fromAlone(dockerfile, build, stage));
  const own = build.target && fromAlone(dockerfile, build, build.target);
  return [...new Set(others)].filter((one) => one !== own);
}

function fromAlone(dockerfile: string, build: Build, stage: Stage): string {
  const root = stage.ancestors.at(-1) ?? stage;
  const lines = [...build.metaArgs, root.from].map(({ instruction }) => dockerfile.slice(...instruction.span));
  // A directive may say what escapes a newline in them.
  const escape = build.dockerfile.escape === '\\' ? [] : [`# escape=${build.dockerfile.escape}`];
  return `${[...escape, ...lines].join('\n')}\n`;
}
