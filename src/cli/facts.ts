import { diskFacts } from '../adapters/facts.ts';
import type { FactSource, SessionOptions } from '../session/index.ts';

/** What the disk tells; when every fix is wanted, what should stand in ignore files as well. */
export function factsFor(root: string, { fixing, unsafe }: SessionOptions): FactSource {
  const disk = diskFacts(root);
  if (fixing === undefined || fixing === 'no' || unsafe !== true) return disk;
  return {
    answer: (key) =>
      key.kind === 'ignore-plan'
        ? import('./ignore-plans.ts').then(({ ignorePlan }) => ignorePlan(root, key))
        : disk.answer(key),
  };
}
