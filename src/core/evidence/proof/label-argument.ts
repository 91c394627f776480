import { parse } from '../../language/syntax/index.ts';
import { buildModel } from '../../model/index.ts';

const automatic = /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$/;

/** A build argument that labels of the target say, such as a version or a commit. */
export function labelArgument(dockerfile: string, target?: string): string | undefined {
  const build = buildModel(parse(dockerfile), { file: 'Dockerfile', ...(target === undefined ? {} : { target }) });
  for (const stage of build.shipped) {
    const declared = new Set<string>();
    for (const { instruction } of stage.steps) {
      if (instruction.args.form !== 'pairs') continue;
      if (instruction.name === 'ARG') for (const { key } of instruction.args.pairs) declared.add(key.value);
      if (instruction.name !== 'LABEL') continue;
      for (const { value } of instruction.args.pairs)
        for (const [, name = ''] of (value?.value ?? '').matchAll(/\$\{?([A-Za-z_]\w*)/g))
          if (declared.has(name) && !automatic.test(name)) return name;
    }
  }
  return undefined;
}
