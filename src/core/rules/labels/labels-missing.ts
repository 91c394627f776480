import { stepsNamed } from '../../model/index.ts';
import { defineRule, type RuleDocs } from '../define.ts';

const PREFIX = 'org.opencontainers.image.';
/** What a person needs to find out where an image comes from. */
const ASKED = ['title', 'source', 'version', 'revision', 'licenses'] as const;

export default defineRule({
  id: 'labels-missing',
  practice: 'P17',
  catalogue: ['P17.1'],
  point: 6,
  level: 'info',
  fixClass: 'F',
  summary: 'the image does not say where it comes from',
  aliases: ['hadolint/DL3049'],
  subject: 'target',
  check({ build, target }) {
    const keys = new Set<string>();
    for (const stage of build.shipped) {
      for (const { instruction } of stepsNamed(stage, 'LABEL')) {
        if (instruction.args.form !== 'pairs') continue;
        for (const { key } of instruction.args.pairs) keys.add(key.value.replace(/^(["'])(.*)\1$/, '$2'));
      }
    }
    const missing = ASKED.filter((name) => !keys.has(PREFIX + name));
    const has = ASKED.length - missing.length;
    // source and version (or revision) find the code of an image; the rest is a courtesy
    const traceable = keys.has(`${PREFIX}source`) && (keys.has(`${PREFIX}version`) || keys.has(`${PREFIX}revision`));
    if (traceable)
      return { is: 'held', evidence: [{ at: { file: build.file }, says: `${has} of ${ASKED.length} OCI labels` }] };
    // Labels pass on: those of a base would speak of the wrong image on every image that is built on it.
    if (build.purpose.is === 'base')
      return { is: 'not-applicable', because: 'it is an image to build on, and labels pass on to what is built' };
    if ([...keys].some((key) => key.includes('$')))
      return { is: 'unknown', because: 'the name of a label is a variable' };
    return {
      is: 'violated',
      findings: [
        {
          at: target.from.instruction.keyword.span,
          message:
            has === 0
              ? 'no OCI label says where the image comes from'
              : `OCI labels are missing: ${missing.join(', ')}`,
          help: `set ${PREFIX}source and ${PREFIX}version (or revision) from build arguments, last in the file`,
          fix: { declined: 'the values come from the repository: `layerwise adopt` will read them' },
        },
      ],
    };
  },
});

export const docs: RuleDocs = {
  why: 'Somebody who finds a running image at night wants to know which repository and which commit it was built from. Registries, scanners and update bots read the same labels.',
  examples: [
    { bad: '«FROM» debian:12-slim\nLABEL maintainer="me"\nCMD ["/shop"]\n', declined: 'adopt' },
    {
      title: 'half of it',
      bad: '«FROM» debian:12-slim\nLABEL org.opencontainers.image.title="shop"\nCMD ["/shop"]\n',
      declined: 'adopt',
    },
  ],
  silent: [
    {
      title: 'source and version',
      text: 'FROM debian:12-slim\nARG VERSION=dev\nLABEL org.opencontainers.image.source="https://example.org/shop" \\\n      org.opencontainers.image.version="$VERSION"\n',
      is: 'held',
    },
    {
      title: 'an image to build on: its labels would pass on to every image on it (docker-library)',
      text: 'FROM buildpack-deps:trixie\nENV PYTHON_VERSION=3.14.0\nRUN ./build.sh\nCMD ["python3"]\n',
      is: 'not-applicable',
    },
    {
      title: 'labels of a lower stage are inherited',
      text: 'FROM debian:12-slim AS base\nLABEL org.opencontainers.image.source=s org.opencontainers.image.revision=r\nFROM base\n',
      is: 'held',
    },
  ],
  links: ['https://github.com/opencontainers/image-spec/blob/main/annotations.md'],
};
