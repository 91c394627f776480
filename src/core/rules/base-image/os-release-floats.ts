import { isKnown } from '../../model/index.ts';
import type { Evidence } from '../../vocabulary/index.ts';
import { releaseFloats } from '../../world/images/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

export default defineRule({
  id: 'os-release-floats',
  practice: 'P1',
  catalogue: ['G008'],
  level: 'info',
  fixClass: 'R',
  summary: 'the tag names a version of the language, and no release of the system below it',
  aliases: [],
  subject: 'target',
  check({ build }) {
    const findings: Finding[] = [];
    const evidence: Evidence[] = [];
    const needed = new Set(build.needed);
    for (const { kind, image, span, stage } of build.references) {
      // what is copied out of an image mostly is one program
      if (kind !== 'from' || stage === undefined || !needed.has(stage) || !isKnown(image)) continue;
      const floating = releaseFloats(image.value);
      if (floating === undefined) continue;
      const { text, tag = '' } = image.value;
      if (!floating) evidence.push({ at: { file: build.file, span }, says: `${text} names the release of its system` });
      else {
        findings.push({
          at: span,
          message: `${text} does not say which release of ${/alpine/.test(tag) ? 'Alpine' : 'Debian'} it is on, which changes under it`,
          help: `name the release in the tag, as in ${/alpine/.test(tag) ? '-alpine3.22' : /slim/.test(tag) ? '-slim-bookworm or -bookworm-slim' : '-bookworm'}`,
          fix: { declined: 'which release that is today says the registry: `layerwise pin` will ask it' },
        });
      }
    }
    return found(
      findings,
      evidence.length > 0
        ? { is: 'held', evidence }
        : { is: 'not-applicable', because: 'no official image whose tag may name a release' },
    );
  },
});

export const docs: RuleDocs = {
  why: `\`python:3.13-slim\` was on Debian 12 until August 2025 and has been on Debian 13 since. Packages were renamed or dropped, libraries that a
builder stage linked against have other versions, a database sorts text in another way: an upgrade of the system that nobody decided on. Official images
offer every tag with the release in it as well.`,
  examples: [
    { bad: 'FROM «node:22-slim»\n', declined: 'pin' },
    { title: 'Alpine', bad: 'FROM «python:3.13-alpine»\n', declined: 'pin' },
    { title: 'a database', bad: 'FROM «postgres:17»\n', declined: 'pin' },
  ],
  silent: [
    { title: 'the release is named', text: 'FROM node:22-bookworm-slim\n', is: 'held' },
    { title: 'Alpine with its release', text: 'FROM python:3.13-alpine3.22\n', is: 'held' },
    { title: 'a system', text: 'FROM debian:12\n', is: 'not-applicable' },
    { title: 'somebody else’s image', text: 'FROM ghcr.io/example/node:22\n', is: 'not-applicable' },
    {
      title: 'a digest',
      text: 'FROM node:22@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n',
      is: 'held',
    },
  ],
};
