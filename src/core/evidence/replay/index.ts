export { type Foretold, foretell } from './foretell.ts';
export { excluded, type Plan, planOf, varyingValue } from './plan.ts';
export { type BuildFiles, type CommitName, Replayer } from './replayer.ts';
export type { Policy } from './side.ts';
export { nameIn } from './sources.ts';
