import type { Directive, Instruction } from '../../language/syntax/index.ts';
import type { Frontend } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** The first frontend 1.N that takes a flag without its labs channel (the tables of options in Dockerfile's reference). */
const SINCE: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  RUN: { mount: 2, network: 3, security: 20, device: 27 },
  COPY: { chmod: 2, link: 4, exclude: 19, parents: 20 },
  ADD: { chmod: 2, link: 4, checksum: 6, unpack: 17, exclude: 19 },
};

const HEREDOCS = 4;

interface Use {
  readonly span: Span;
  readonly what: string;
  readonly since: number;
}

function usesOf({ name, flags, heredocs }: Instruction): readonly Use[] {
  const table = SINCE[name] ?? {};
  const uses = flags.flatMap((flag): Use[] => {
    const since = Object.hasOwn(table, flag.name) ? table[flag.name] : undefined;
    return since === undefined ? [] : [{ span: flag.nameSpan, what: `--${flag.name} of ${name}`, since }];
  });
  const [heredoc] = heredocs;
  return heredoc === undefined ? uses : [...uses, { span: heredoc.markerSpan, what: 'a heredoc', since: HEREDOCS }];
}

/** The minor version that the file asks for by number; undefined for `1`, a channel as labs, and other frontends. */
function minorOf({ reference, version }: Frontend): number | undefined {
  const [major, minor] = version ?? [];
  return major === 1 && reference?.tag?.includes('-') === false ? minor : undefined;
}

/** The tag of the directive raised to the version that all uses need; nothing where a digest pins it. */
function raised({ reference }: Frontend, directive: Directive, least: number): readonly Proposal[] {
  if (reference?.tag === undefined || reference.digest !== undefined) return [];
  const start = directive.valueSpan[0] + reference.text.length - reference.tag.length;
  const edits = [{ span: [start, start + reference.tag.length] as const, text: `1.${least}` }];
  return [{ title: `ask for frontend 1.${least}`, variant: 'default', edits, claims: [] }];
}

export default defineRule({
  id: 'newer-than-syntax',
  practice: 'X1',
  catalogue: [],
  level: 'error',
  fixClass: 'N',
  summary: 'the frontend of the syntax line is too old for a flag or heredoc of the file',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const { dockerfile, frontend } = build;
    const directive = dockerfile.directives.find(({ name, undetected }) => name === 'syntax' && undetected !== true);
    const minor = minorOf(frontend);
    if (directive === undefined || minor === undefined) {
      return { is: 'not-applicable', because: 'no frontend is asked for by its minor version' };
    }
    const uses = dockerfile.instructions.flatMap(usesOf).filter(({ since }) => since > minor);
    const least = Math.max(...uses.map(({ since }) => since));
    const findings = uses.map(
      ({ span, what, since }): Finding => ({
        at: span,
        message: `${what} needs frontend 1.${since}, and the file asks for 1.${minor}`,
        help: `write # syntax=docker/dockerfile:1, the newest of its line, or at least 1.${least}`,
        related: [{ at: directive.valueSpan, label: 'asked for here' }],
        fix: { declined: 'a directive is changed by hand: its frontend reads the whole file' },
        suggestions: raised(frontend, directive, least),
      }),
    );
    const evidence = [{ at: { file: build.file, span: directive.span }, says: 'it is new enough for the file' }];
    return found(findings, { is: 'held', evidence });
  },
});

export const docs: RuleDocs = {
  why: `\`# syntax=docker/dockerfile:1.3\` is read by frontend 1.3, however new BuildKit is: a flag that came later is unknown to it, and
a heredoc is an instruction of its own that it does not know.`,
  examples: [
    {
      title: 'a flag',
      bad: '# syntax=docker/dockerfile:1.3\nFROM debian:12\nCOPY --«link» a /a\n',
      declined: 'by hand',
    },
    {
      title: 'a heredoc',
      bad: '# syntax=docker/dockerfile:1.2\nFROM debian:12\nRUN «<<EOF»\ntrue\nEOF\n',
      declined: 'by hand',
    },
    {
      title: 'pinned',
      bad: '# syntax=docker/dockerfile:1.4@sha256:4c1e2a0123456789abcdef0123456789abcdef0123456789abcdef0123456789\nFROM debian:12\nCOPY --«exclude»=*.md . /a/\n',
      declined: 'by hand',
    },
  ],
  silent: [
    { title: 'new enough', text: '# syntax=docker/dockerfile:1.4\nFROM debian:12\nCOPY --link a /a\n', is: 'held' },
    {
      title: 'the newest of a line',
      text: '# syntax=docker/dockerfile:1\nFROM debian:12\nCOPY --link a /a\n',
      is: 'not-applicable',
    },
    {
      title: 'labs had it before',
      text: '# syntax=docker/dockerfile:1.7-labs\nFROM debian:12\nCOPY --parents a /a\n',
      is: 'not-applicable',
    },
    { title: 'no syntax line', text: 'FROM debian:12\nCOPY --link a /a\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/build/buildkit/frontend/'],
};
