export { type ContextInput, surveyContext } from './context.ts';
