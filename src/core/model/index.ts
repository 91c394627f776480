export { buildModel } from './build.ts';
export { cacheDirectories, cacheDirectory, contains, homeDirectory, isRoot, mountCovers } from './caches.ts';
export { defaultOfFrom, type ExpandedText, expandByDefault, expandedTexts } from './expanded-texts.ts';
export { isKnown, valueOf } from './known.ts';
export { indexForLater, leftBehind, whyNeeded, whyNotAtEnd } from './leftovers.ts';
export { type MountField, mountFields } from './mounts.ts';
export { hasProgram, installsBefore, packageInstalls, SYSTEM_MANAGERS } from './packages.ts';
export { privilegeDrop } from './privilege.ts';
export { purposeOf, startProgram } from './purpose.ts';
export { mayInstall, readersOf } from './readers.ts';
export {
  changesOnly,
  claimName,
  commandsOf,
  evidenceAt,
  neededRuns,
  scriptPlace,
  shippedRuns,
} from './runs.ts';
export {
  executedSteps,
  isFinal,
  isTriggered,
  lastUser,
  ships,
  stepsAfter,
  stepsBefore,
  stepsNamed,
} from './stages.ts';
export { startOf } from './start.ts';
export { joinPath } from './surroundings.ts';
export type * from './types.ts';
export { PLATFORM_ARGS } from './variables.ts';
