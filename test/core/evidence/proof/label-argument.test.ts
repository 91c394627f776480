import { expect, test } from 'vitest';
import { labelArgument } from '../../../../src/core/evidence/proof/index.ts';

test.each<[string, string | undefined]>([
  ['FROM a\nARG V\nLABEL x=$V\n', 'V'],
  ['FROM a\nARG V W=1\nLABEL a=b x="v${W:-2}"\n', 'W'],
  ['FROM a\nLABEL x=$V\n', undefined],
  ['ARG V\nFROM a\nLABEL x=$V\n', undefined],
  ['FROM a\nENV V=1\nLABEL x=$V\n', undefined],
  ['FROM a\nARG TARGETARCH\nLABEL x=$TARGETARCH\n', undefined],
  ['FROM a\nARG V\nRUN echo $V\n', undefined],
  ['FROM a AS b\nARG V\nLABEL x=$V\nFROM c\nCOPY --from=b /x /x\n', undefined],
  ['FROM a AS b\nARG V\nLABEL x=$V\nFROM b\nRUN true\n', 'V'],
])('%j', (text, argument) => expect(labelArgument(text)).toBe(argument));
