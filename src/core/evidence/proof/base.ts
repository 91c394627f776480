import { parse } from '../../language/syntax/index.ts';
import { buildModel } from '../../model/index.ts';

/**
 * A Dockerfile that builds the image under the target and nothing else, so that any builder can tell its size; `scratch` when there
 * is none. Undefined when the file has no stage.
 */
export function baseOf(dockerfile: string, target?: string): { readonly dockerfile: string } | 'scratch' | undefined {
  const build = buildModel(parse(dockerfile), { file: 'Dockerfile', ...(target === undefined ? {} : { target }) });
  const stage = build.target;
  if (stage === undefined) return undefined;
  if (stage.root.kind === 'scratch') return 'scratch';
  const root = stage.ancestors.at(-1) ?? stage;
  const lines = [...build.metaArgs, root.from].map(({ instruction }) => dockerfile.slice(...instruction.span));
  // A directive may say what escapes a newline in them.
  const escape = build.dockerfile.escape === '\\' ? [] : [`# escape=${build.dockerfile.escape}`];
  return { dockerfile: `${[...escape, ...lines].join('\n')}\n` };
}
