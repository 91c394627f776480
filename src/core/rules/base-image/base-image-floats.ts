import { isKnown, type OutsideReference } from '../../model/index.ts';
import type { Evidence } from '../../vocabulary/index.ts';
import { type Floating, floats, type ImageReference } from '../../world/images/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const WHAT: Readonly<Record<Exclude<Floating, 'version' | 'digest'>, (image: ImageReference) => string>> = {
  none: ({ familiar }) => `${familiar} has no tag, which means latest`,
  latest: ({ familiar }) => `${familiar}:latest is whatever was pushed last`,
  named: ({ familiar, tag }) => `${familiar}:${tag} names no version`,
};

/** True for references that end up in the build: FROM, COPY --from and mounts, of stages that the target needs. */
function counts({ kind }: OutsideReference): boolean {
  return kind === 'from' || kind === 'copy-from' || kind === 'mount-from';
}

export default defineRule({
  id: 'base-image-floats',
  practice: 'P2',
  catalogue: ['P2.1', 'P2.2', 'G009'],
  point: 6,
  level: 'warning',
  fixClass: 'R',
  summary: 'an image has no version, so that a later build uses another one',
  aliases: ['hadolint/DL3006', 'hadolint/DL3007'],
  subject: 'target',
  check({ build }) {
    const findings: Finding[] = [];
    const evidence: Evidence[] = [];
    let unknown: OutsideReference | undefined;
    const needed = new Set(build.needed);
    for (const reference of build.references.filter(counts)) {
      const { image, span, stage, variable } = reference;
      if (stage === undefined || !needed.has(stage)) continue;
      if (!isKnown(image)) {
        if (variable) unknown ??= reference;
        continue;
      }
      const floating = floats(image.value);
      if (floating === 'digest')
        evidence.push({ at: { file: build.file, span }, says: `${image.value.familiar} is pinned by digest` });
      else if (floating === 'version')
        evidence.push({
          at: { file: build.file, span },
          says: `${image.value.text} names a version, and has no digest`,
        });
      else {
        findings.push({
          at: span,
          message: `${WHAT[floating](image.value)}${variable ? ' (unless a build argument says otherwise)' : ''}`,
          help: 'name a version that does not move to the next release, at best with its digest',
          code: floating === 'none' ? 'DL3006' : 'DL3007',
          fix: { declined: 'which version that is today says the registry: `layerwise pin` will ask it' },
        });
      }
    }
    if (findings.length > 0) return found(findings, { is: 'held', evidence });
    if (unknown !== undefined) return { is: 'unknown', because: 'a base image is a variable without a value' };
    return evidence.length > 0
      ? { is: 'held', evidence }
      : { is: 'not-applicable', because: 'no image from outside is used' };
  },
});

export const docs: RuleDocs = {
  why: `Without a tag, or with one that names no version, the same Dockerfile builds on another image next month: another major version of the
language, another system, and nothing in the repository shows the change. A version tag moves within its version only; a digest not at all.`,
  examples: [
    { title: 'no tag', bad: 'FROM «node»\n', declined: 'pin' },
    { title: 'latest', bad: 'FROM «ubuntu:latest» AS base\nFROM base\n', declined: 'pin' },
    { title: 'a name that is no version', bad: 'FROM «node:lts-slim»\n', declined: 'pin' },
    { title: 'by the default of an argument', bad: 'ARG TAG=latest\nFROM «node:$TAG»\n', declined: 'pin' },
    {
      title: 'what is copied from',
      bad: 'FROM debian:12-slim\nCOPY --from=«ghcr.io/astral-sh/uv» /uv /bin/\n',
      declined: 'pin',
    },
    {
      title: 'what is mounted from',
      bad: 'FROM debian:12-slim\nRUN --mount=type=bind,from=«busybox:latest»,target=/b true\n',
      declined: 'pin',
    },
  ],
  silent: [
    { title: 'a version', text: 'FROM node:22-bookworm-slim\n', is: 'held' },
    { title: 'a release of a system is a version', text: 'FROM debian:bookworm-slim\n', is: 'held' },
    {
      title: 'of an image for development containers too',
      text: 'FROM mcr.microsoft.com/devcontainers/base:bullseye\n',
      is: 'held',
    },
    {
      title: 'for one architecture, or from a mirror, too',
      text: 'FROM arm32v7/debian:bookworm AS a\nFROM public.ecr.aws/docker/library/ubuntu:noble\nCOPY --from=a /a /a\n',
      is: 'held',
    },
    {
      title: 'the name of a stage (checkov #1450, hadolint #219)',
      text: 'FROM node:22 AS build\nFROM build\nCOPY --from=build /a /b\n',
      is: 'held',
    },
    { title: 'scratch (Sonar S6596)', text: 'FROM scratch\nCOPY a /a\n', is: 'not-applicable' },
    {
      title: 'an argument with a version (checkov #2463)',
      text: 'ARG VERSION=22\nFROM node:$VERSION-slim\n',
      is: 'held',
    },
    { title: 'an argument without a value', text: 'ARG BASE\nFROM $BASE\n', is: 'unknown' },
    { title: 'a stage that is not needed', text: 'FROM node AS lint\nFROM node:22\n', is: 'held' },
    {
      title: 'a digest',
      text: 'FROM node@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n',
      is: 'held',
    },
  ],
  links: ['https://docs.docker.com/build/building/best-practices/#pin-base-image-versions'],
};
