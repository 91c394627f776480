import { newlineOf } from '../../language/edit/index.ts';
import { type CommentLine, type Instruction, trimSpace, type Word } from '../../language/syntax/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** What a comment above may describe: the stage's name, or the names of an ARG. */
function described({ name, args }: Instruction): readonly Word[] {
  if (name === 'ARG' && args.form === 'pairs') return args.pairs.map(({ key }) => key);
  if (name === 'FROM' && args.form === 'words' && args.words.length === 3) {
    return args.words.slice(2).map(({ value, span }) => ({ value: value.toLowerCase(), span }));
  }
  return [];
}

/** A comment's text as BuildKit keeps it: its line less the first character, so that an indented one keeps its "#". */
function textOf({ tokens }: CommentLine): string {
  const line = tokens.filter(({ kind }) => kind === 'blank' || kind === 'comment').map(({ text }) => text);
  return trimSpace(line.join('').slice(1));
}

function separate(instruction: Instruction, text: string): Proposal | Declined {
  const silences = ({ span }: CommentLine) => /^#\s*(?:check\s*=|hadolint\b|layerwise\b)/.test(text.slice(...span));
  if (instruction.comments.some(silences)) return { declined: 'an ignore comment above would lose its instruction' };
  const [at] = instruction.lines;
  return {
    title: 'separate the comment by an empty one',
    variant: 'default',
    edits: [{ span: [at, at], text: `#${newlineOf(text)}` }],
    claims: [{ kind: 'same-build' }],
  };
}

export default defineRule({
  id: 'definition-description-mismatch',
  practice: 'X7',
  catalogue: ['X7.4'],
  level: 'info',
  fixClass: 'S',
  summary: 'a comment above ARG or a named stage does not begin with its name',
  aliases: ['buildkit/InvalidDefinitionDescription'],
  offByDefault: 'BuildKit’s check is experimental, and few projects list their targets with --call=outline',
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: CommentLine | undefined;
    for (const instruction of build.dockerfile.instructions) {
      const names = described(instruction);
      const comment = instruction.comments.at(-1);
      const [name, more] = names;
      if (name === undefined || comment === undefined) continue;
      seen ??= comment;
      const [word] = textOf(comment).split(' ', 1);
      if (names.some(({ value }) => value === word)) continue;
      findings.push({
        at: name.span,
        message: `the comment above does not begin with ${more === undefined ? name.value : 'one of the names'}`,
        help: 'begin the description with the name, or put an empty comment line between',
        related: [{ at: comment.span, label: 'the comment' }],
        fix: separate(instruction, build.dockerfile.text),
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no ARG and no named stage has a comment' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.span }, says: 'comments describe what they stand above' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `\`docker build --call=outline\` and \`--call=targets\` print the comment above an ARG or a stage as its description, if it
begins with the name. Another comment there is lost, and nobody sees that it is. An empty line between does not part them, an
empty comment does.`,
  examples: [
    {
      bad: '# needed below\nARG «VERSION»=1\nFROM debian:12\n',
      good: '# needed below\n#\nARG VERSION=1\nFROM debian:12\n',
    },
    {
      title: 'a stage',
      bad: '# Compile it\n\nFROM golang:1.25 AS «build»\n',
      good: '# Compile it\n\n#\nFROM golang:1.25 AS build\n',
    },
    {
      title: 'an ignore comment',
      bad: '# hadolint ignore=DL3006\nFROM golang AS «build»\n',
      declined: 'would lose its instruction',
    },
  ],
  silent: [
    {
      title: 'descriptions',
      text: '# VERSION of the base\nARG VERSION=1\n# build compiles\nFROM debian:$VERSION AS build\n',
      is: 'held',
    },
    { title: 'an unnamed stage', text: '# The base\nFROM debian:12\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/invalid-definition-description/'],
};
