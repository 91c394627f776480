export type { Adapters, Awaitable, FactSource, Files, Linter, Reading, Replacement } from './adapters.ts';
export { checkFiles, type FileResult, type SessionOptions, type Subject } from './check-files.ts';
export { type ContextDisk, type ContextLook, type ContextOrder, ignoreFileOf, lookAtContext } from './context-look.ts';
export { type Blob, type Commit, type History, HistoryStopped } from './history.ts';
export type {
  Attested,
  BuildRequest,
  BuildStep,
  Built,
  ContainerState,
  ImageLook,
  ImageRead,
  ImageSeen,
  NeedleHit,
  ProofEngine,
  Published,
  RunningContainer,
} from './proof-engine.ts';
export { prove } from './prove.ts';
export { type FixesProved, type FixesToProve, proveFixes } from './prove-fixes.ts';
export type { ProofOrder } from './proving/order.ts';
export { type Replayed, type ReplayOrder, replay } from './replay.ts';
