import fc from 'fast-check';
import { expect, test } from 'vitest';
import { check } from '../../../src/core/lint/index.ts';
import { tally } from '../../../src/core/reporters/index.ts';

const texts = [
  'FROM debian\nMAINTAINER me\n',
  'FROM node:22\nWORKDIR app\nADD a b\nRUN npm install\nCMD node x\n',
  'FROM alpine:3.22\n# layerwise ignore=maintainer-instruction\nMAINTAINER me\nENV a b\nENV c d\n',
  'FROM scratch\n',
  'nonsense\n',
];
const reports = texts.map((text, i) => check({ file: `Dockerfile.${i}`, text }));

test('the sum of parts is the sum of all, however they are parted', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(texts.length)), { maxLength: 5 }), (parts) => {
      const all = tally();
      const merged = tally();
      for (const part of parts) {
        const own = tally();
        for (const i of part) {
          const report = reports[i];
          for (const counts of [all, own]) {
            if (report === undefined) counts.fail({ file: 'x', is: 'failed', says: 'does not exist' });
            else counts.add(report);
          }
        }
        merged.merge(own.summary());
      }
      expect(merged.summary()).toEqual(all.summary());
    }),
  );
});
