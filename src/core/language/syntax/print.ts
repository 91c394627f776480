import type { Dockerfile } from './types.ts';

/** The text of a Dockerfile, joined from its tokens: byte for byte what was parsed. */
export function print(dockerfile: Dockerfile): string {
  const parts: string[] = [];
  for (const item of dockerfile.items) for (const token of item.tokens) parts.push(token.text);
  return parts.join('');
}
