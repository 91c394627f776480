export { type EngineFound, type EngineOptions, engines, findEngine } from './engine.ts';
export { editFile, layOut, sourceFile } from './layout.ts';
export { EngineFailed } from './process.ts';
