export { type Artefact, artefact } from './artefacts.ts';
export { followLinks, type Links } from './follow.ts';
export { type Translated, translateGitignore } from './gitignore.ts';
export {
  type Decision,
  decide,
  type IgnorePattern,
  type IgnorePatterns,
  type IgnoreRefused,
  ignorePatterns,
  leavesOutEverything,
  parseIgnoreFile,
  remembered,
} from './ignore.ts';
export { cleanPath, directoriesAbove } from './paths.ts';
export { type Matches, type Subject, subjectOf } from './pattern.ts';
export { type IgnoreLine, type IgnoreLines, readIgnoreFile } from './read.ts';
export { remoteKind } from './remote.ts';
export { matchName } from './syntax.ts';
export { type ContextEntry, type Fate, gateOf, type Walk, type WalkFilter, walkContext } from './walk.ts';
