import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, level } from '../src/contrast.js';

test('knows the ends of the scale, whichever comes first', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#FFFFFF', '#000000'), 21);
  assert.equal(contrast('#123456', '#123456'), 1);
});

test('agrees with WCAG on grey', () => {
  assert.equal(contrast('#767676', '#ffffff').toFixed(2), '4.54');
  assert.deepEqual([3, 4.5, 7].map(level), ['none', 'AA', 'AAA']);
});

test('refuses what is no colour', () => {
  assert.throws(() => contrast('red', '#ffffff'), /no colour: red/);
});
