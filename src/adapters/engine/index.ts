export { type EngineFound, type EngineOptions, engines, findEngine } from './engine.ts';
export { editFile, layOut, sourceFile } from './layout.ts';
export { dependencyFiles, editManifest } from './manifests.ts';
export { EngineFailed } from './process.ts';
