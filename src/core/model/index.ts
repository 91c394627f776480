export { type Account, type Accounts, accountsOf, isSystemAccount } from './accounts.ts';
export { buildModel } from './build.ts';
export { dependsOnArgument } from './build-args.ts';
export {
  cacheDirectories,
  cacheDirectory,
  cacheSwitchedOff,
  contains,
  homeDirectory,
  isRoot,
  mountCovers,
} from './caches.ts';
export {
  type ContextNeed,
  contextNeeds,
  namedContextNeeds,
  takes,
  wantedPaths,
  wholeContextCopy,
} from './context-needs.ts';
export { type ContextCopy, type CopySource, contextCopy, isWholeContext, namesFile, pathIn } from './copies.ts';
export {
  DEPENDENCY_PROGRAMS,
  type DependencyInstall,
  type DependencyManager,
  dependencyInstall,
  dependencyInstalls,
  nodeMajor,
  switchedOn,
  takesDevelopment,
} from './dependencies.ts';
export { privilegeDropInScript } from './dropped-in-script.ts';
export {
  DEFAULT_PLATFORM,
  defaultOfFrom,
  type ExpandedText,
  expandByDefault,
  expandedTexts,
} from './expanded-texts.ts';
export { type ExposedWord, exposedWords, portsIn } from './exposed.ts';
export { historyReader } from './history.ts';
export { homeMadeLater } from './homes.ts';
export { ignoreChange } from './ignore-plan.ts';
export { isKnown, valueOf } from './known.ts';
export { indexForLater, leftBehind, onlyTells, whyNeeded, whyNotAgain, whyNotAtEnd } from './leftovers.ts';
export { type Lockfile, lockfileAt, lockfilesOf } from './lockfiles.ts';
export { type Mentions, mentionsOf } from './mentions.ts';
export { type MountProblem, mountProblem } from './mount-problem.ts';
export { type MountField, mountFields } from './mounts.ts';
export { oncePer, oncePerName } from './once.ts';
export { type Origin, originsOf } from './origins.ts';
export { hasProgram, SYSTEM_MANAGERS } from './packages.ts';
export { pipedWords, type WrittenPassword, writtenPasswords } from './passwords.ts';
export { execForm, plainArgv } from './plain-argv.ts';
export { privilegeDrop } from './privilege.ts';
export { purposeOf, startProgram } from './purpose.ts';
export { readersOf } from './readers.ts';
export {
  changesOnly,
  changesScript,
  claimName,
  commandsOf,
  configClaimName,
  evidenceAt,
  neededCommands,
  neededRuns,
  scriptField,
  scriptPlace,
  shippedCommands,
  shippedRuns,
} from './runs.ts';
export { anyStepSays, says } from './says.ts';
export { type SeenPurpose, seenPurpose } from './seen-purpose.ts';
export { amount, type DiskEntry, namesByDirectory, nothing, type Sending, sending } from './sending.ts';
export { type Settled, settled } from './settled.ts';
export { hasShell, lacksShellToStart } from './shell-there.ts';
export { countWhere } from './sorted.ts';
export {
  convertedSteps,
  executedSteps,
  firstAfter,
  hereOrBefore,
  isFinal,
  isTriggered,
  lastUser,
  ships,
  stepsAfter,
  stepsBefore,
  stepsNamed,
} from './stages.ts';
export { startOf } from './start.ts';
export { type StartInstalls, startInstalls } from './start-installs.ts';
export { type StartCommand, type StartWord, startCommands } from './starts.ts';
export { joinPath } from './surroundings.ts';
export { knowsNpmCi, type Told, type ToolView, yarnLine } from './tool-versions.ts';
export { type BuildSign, buildSigns, isCompiler, runsBuild, shipsToolchain } from './toolchain.ts';
export type * from './types.ts';
export { isPlain, PLATFORM_ARGS } from './variables.ts';
export { isWindows } from './windows.ts';
export { type CopyWords, copyWords, plainWord, wordsOf } from './words.ts';
