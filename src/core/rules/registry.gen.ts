// Made by `npm run gen`. Do not edit.
import type { Rule } from './define.ts';

export const rules: readonly Rule[] = [];
