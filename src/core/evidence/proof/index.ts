export { baseOf, toolBases } from './base.ts';
export { needsBuildKit } from './buildkit.ts';
export {
  type CanaryHit,
  type DeclaredSecret,
  declaredSecrets,
  needlesOf,
  secretLabel,
  tellHits,
  withCacheArgument,
} from './canary.ts';
export { boundStatement, claimsFor, noPorts, type ProofSubject, patience, tellClaim, worksConfined } from './claims.ts';
export { isRelative, sameJson } from './expectation.ts';
export { filesOf, type ImageFiles, LayerFiles } from './image-files.ts';
export { type InstallStep, installSteps, type NamedStep, stepsInOrder } from './install-steps.ts';
export { judge } from './judge.ts';
export { labelArgument } from './label-argument.ts';
export { endedWith, type ProbeKind, probes } from './probes.ts';
export { proofReport } from './report.ts';
export { allNumbers, median, ratioOf } from './samples.ts';
