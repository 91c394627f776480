import { isKnown } from '../../model/index.ts';
import type { Evidence } from '../../vocabulary/index.ts';
import { floats } from '../../world/images/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

export default defineRule({
  id: 'image-without-digest',
  practice: 'P2',
  catalogue: ['P2.4'],
  level: 'info',
  fixClass: 'R',
  summary: 'an image has a version tag and no digest',
  aliases: [],
  subject: 'target',
  check({ build }) {
    const findings: Finding[] = [];
    const evidence: Evidence[] = [];
    const needed = new Set(build.needed);
    let unknown = false;
    for (const { kind, image, span, stage, variable } of build.references) {
      if (kind === 'syntax' || stage === undefined || !needed.has(stage)) continue;
      if (!isKnown(image)) {
        unknown ||= variable;
        continue;
      }
      const floating = floats(image.value);
      if (floating === 'digest')
        evidence.push({ at: { file: build.file, span }, says: `${image.value.familiar} is pinned by digest` });
      // an image without a version is base-image-floats' matter
      if (floating !== 'version') continue;
      findings.push({
        at: span,
        message: `${image.value.text} may be pushed again: it has no digest`,
        help: 'add the digest after the tag, and let a bot refresh it',
        fix: { declined: 'the digest says the registry: `layerwise pin` will ask it' },
      });
    }
    if (findings.length > 0) return found(findings, { is: 'held', evidence });
    if (unknown) return { is: 'unknown', because: 'a base image is a variable without a value' };
    return evidence.length > 0
      ? { is: 'held', evidence }
      : { is: 'not-applicable', because: 'no image from outside has a version tag' };
  },
});

export const docs: RuleDocs = {
  why: `A tag is a name that its owner may move. With the digest, what is built today is what is built next year, and a change of the base is a change
in the repository that somebody sees. The price is that security updates come only when the digest is refreshed, so leave that to a bot.`,
  examples: [
    { bad: 'FROM «node:22-bookworm-slim»\n', declined: 'pin' },
    {
      title: 'what is copied from',
      bad: 'FROM scratch\nCOPY --from=«busybox:1.37» /bin/sh /bin/sh\n',
      declined: 'pin',
    },
  ],
  silent: [
    {
      title: 'a digest',
      text: 'FROM node:22-bookworm-slim@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n',
      is: 'held',
    },
    { title: 'no version at all is another rule’s matter', text: 'FROM node\n', is: 'not-applicable' },
    { title: 'the name of a stage', text: 'FROM scratch AS a\nFROM a\n', is: 'not-applicable' },
    { title: 'an argument without a value', text: 'ARG BASE\nFROM $BASE\n', is: 'unknown' },
  ],
  links: ['https://docs.docker.com/build/building/best-practices/#pin-base-image-versions'],
};
