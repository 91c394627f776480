import type { Json } from '../vocabulary/index.ts';

export type Schema = { readonly [key: string]: Json };

export const text: Schema = { type: 'string' };
export const count: Schema = { type: 'integer', minimum: 0 };
export const list = (items: Schema, description?: string): Schema => ({
  type: 'array',
  items,
  ...(description === undefined ? {} : { description }),
});
export const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
export const oneOf = (...values: string[]): Schema => ({ enum: values });

/** Readers of version 1 must live with new members: none is closed. */
export function object(
  required: Record<string, Schema>,
  optional: Record<string, Schema> = {},
  description?: string,
): Schema {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    ...(description === undefined ? {} : { description }),
  };
}
