import { contextDisk } from '../adapters/context.ts';
import { nodeFiles } from '../adapters/files.ts';
import type { Fact, FactKey, Json } from '../core/vocabulary/index.ts';
import type { FactKinds, IgnorePlan } from '../core/world/facts/index.ts';
import { lookAtContext } from '../session/index.ts';

/** Answers what the ignore file of a context should say besides: the whole context is walked. */
export async function ignorePlan(root: string, { of }: FactKey): Promise<Fact> {
  const { context, dockerfile } = of as FactKinds['ignore-plan']['of'];
  const files = nodeFiles(root);
  const reading = await files.read(dockerfile);
  if ('is' in reading) return { unknown: `${reading.file} ${reading.says}` };
  const order = { called: context, context, dockerfile: { file: dockerfile, text: reading.text } };
  const { scanForSecrets } = await import('../adapters/secretlint.ts');
  const looked = await lookAtContext(order, files, contextDisk(root), scanForSecrets);
  if ('is' in looked) return { unknown: `${looked.file} ${looked.says}` };
  const { proposal } = looked;
  const plan: IgnorePlan = proposal === undefined ? { is: 'nothing' } : { is: 'change', proposal };
  return { value: plan as unknown as Json, from: 'files', evidence: [] };
}
