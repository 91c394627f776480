export { cleanPath, type IgnorePatterns, ignorePatterns } from './patterns.ts';
