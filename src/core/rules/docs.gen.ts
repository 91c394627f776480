// Made by `npm run gen`. Do not edit.
import type { RuleDocs } from './define.ts';

export const docs: Readonly<Record<string, RuleDocs>> = {};
