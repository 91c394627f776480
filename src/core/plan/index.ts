export { type IgnorePlanInput, planIgnoreFile } from './ignore-file.ts';
