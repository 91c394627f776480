import { mayReadHistory } from '../language/shell/index.ts';
import { executedSteps } from './stages.ts';
import type { Build } from './types.ts';

/** Why something in the builds may look into the project's git history; what cannot be read may do anything. */
export function historyReader(builds: readonly Build[]): string | undefined {
  for (const step of builds.flatMap(({ needed }) => needed).flatMap(executedSteps)) {
    if (step.scripts.some(({ opaque, partial }) => opaque !== undefined || partial))
      return 'a script that cannot be read may read it';
    for (const { command, invocation } of step.commands) {
      const why = mayReadHistory(command, invocation);
      if (why !== undefined) return why;
    }
  }
  return undefined;
}
