// Made by `npm run gen` from test/evidence/*.json. Do not edit.

/** Fixes that recorded evidence shows to be safe, as `rule/variant`. */
export const safeFixes: ReadonlySet<string> = new Set([
]);
