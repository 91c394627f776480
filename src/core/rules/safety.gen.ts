// Made by `npm run gen` from test/evidence/*.json. Do not edit.

/** Fixes that recorded evidence shows to be safe, as `rule/variant`. */
export const safeFixes: ReadonlySet<string> = new Set([
  'add-for-local-files/default',
  'apt-instead-of-apt-get/default',
  'apt-lists-left-behind/apt',
  'assume-yes-missing/apt',
  'copy-from-by-number/named',
  'copy-from-by-number/unnamed',
  'definition-description-mismatch/default',
  'empty-continuation/default',
  'env-key-set-twice/default',
  'expose-invalid-format/default',
  'expose-proto-casing/default',
  'from-as-casing/default',
  'ignore-without-effect/comment',
  'instruction-casing/default',
  'instruction-overridden/default',
  'label-key-twice/default',
  'legacy-key-value/default',
  'maintainer-instruction/default',
  'npm-cache-left-behind/npm',
  'pip-cache-left-behind/pip',
  'port-exposed-twice/default',
  'stage-name-casing/default',
]);
