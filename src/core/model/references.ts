import type { Instruction } from '../language/syntax/index.ts';
import type { Fact, Span } from '../vocabulary/index.ts';
import { type ImageReference, parseReference } from '../world/images/index.ts';
import type { BuildContext } from './build.ts';
import { isKnown, unknown } from './known.ts';
import { mountFields } from './mounts.ts';
import type { Frontend, OutsideReference, Stage, StageSource, Step } from './types.ts';

function imageFact(text: Fact<string>): Fact<ImageReference> {
  if (!isKnown(text)) return text;
  const reference = parseReference(text.value);
  return reference === undefined ? unknown('it is no valid image reference') : { ...text, value: reference };
}

/** A reference to an image from outside, made from the expanded text that stands at `span`. */
export function outsideReference(
  kind: OutsideReference['kind'],
  text: Fact<string>,
  written: string,
  span: Span,
  instruction: Instruction | undefined,
  stage: Stage | undefined,
): OutsideReference {
  return { kind, image: imageFact(text), span, variable: written.includes('$'), instruction, stage };
}

/** What a COPY or RUN takes from elsewhere: a stage, an image, or nothing that can be told. */
export function sourceOf(context: BuildContext, step: Step): readonly StageSource[] {
  const { instruction, stage } = step;
  const outside = (kind: 'copy-from' | 'mount-from', name: string, span: Span): OutsideReference => {
    // BuildKit expands nothing here.
    const text: Fact<string> = name.includes('$')
      ? unknown('a variable is not expanded here')
      : { value: name, from: 'files', evidence: [{ at: { file: context.options.file, span }, says: 'named here' }] };
    return outsideReference(kind, text, name, span, instruction, stage);
  };
  if (instruction.name === 'COPY') {
    const flag = instruction.flags.find(({ name }) => name === 'from');
    if (flag?.value === undefined || flag.value === '') return [];
    const span = flag.valueSpan ?? flag.span;
    const numeric = /^[+-]?\d+$/.test(flag.value);
    const found = numeric ? context.stages[Number(flag.value)] : context.stageNamed(flag.value);
    const none = numeric || flag.value === 'scratch';
    return [{ step, from: found ?? (none ? undefined : outside('copy-from', flag.value, span)), via: 'copy' }];
  }
  if (instruction.name !== 'RUN') return [];
  return instruction.flags.flatMap((flag): StageSource[] => {
    if (flag.name !== 'mount') return [];
    const from = mountFields(flag, context.dockerfile.text).find(({ key }) => key === 'from');
    if (from?.value === undefined || from.value === '' || from.value === 'scratch') return [];
    return [
      { step, from: context.stageNamed(from.value) ?? outside('mount-from', from.value, from.span), via: 'mount' },
    ];
  });
}

/** Every outside image of a file, in order of their kind: syntax, then by instruction. */
export function referencesOf(context: BuildContext, frontend: Frontend): readonly OutsideReference[] {
  const found: OutsideReference[] = [];
  const directive = context.dockerfile.directives.find(
    ({ name, undetected }) => name === 'syntax' && undetected !== true,
  );
  if (directive !== undefined && frontend.directive) {
    const [first = ''] = directive.value.split(/\s/);
    const span: Span = [directive.valueSpan[0], directive.valueSpan[0] + first.length];
    const text: Fact<string> = { value: first, from: 'files', evidence: [] };
    found.push(outsideReference('syntax', text, first, span, undefined, undefined));
  }
  for (const stage of context.stages) {
    if (stage.base.kind === 'image') {
      const { instruction } = stage.from;
      const word = instruction.args.form === 'words' ? instruction.args.words[0] : undefined;
      if (word !== undefined) {
        found.push({
          kind: 'from',
          image: stage.base.image,
          span: word.span,
          variable: word.value.includes('$'),
          instruction,
          stage,
        });
      }
    }
    for (const { from } of stage.sources) if (from !== undefined && 'kind' in from) found.push(from);
  }
  return found;
}

/** The frontend that `# syntax=` names. */
export function frontendOf(context: BuildContext): Frontend {
  const directive = context.dockerfile.directives.find(
    ({ name, undetected }) => name === 'syntax' && undetected !== true,
  );
  if (directive === undefined) return { directive: false, reference: undefined, version: undefined, labs: false };
  const reference = parseReference(directive.value.split(/\s/)[0] ?? '');
  const official = reference !== undefined && /^docker\/dockerfile(?:-upstream)?$/.test(reference.familiar);
  const match = official ? /^v?(\d+(?:\.\d+){0,2})(?:-|$)/.exec(reference.tag ?? '') : null;
  return {
    directive: true,
    reference,
    version: match?.[1]?.split('.').map(Number),
    labs: official && /(?:^|-)labs$/.test(reference.tag ?? ''),
  };
}
