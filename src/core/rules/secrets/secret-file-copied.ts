import {
  type ContextNeed,
  contextCopy,
  copyWords,
  isKnown,
  plainWord,
  type Step,
  ships,
  wholeContextCopy,
} from '../../model/index.ts';
import type { FactKey } from '../../vocabulary/index.ts';
import { cleanPath, decide, ignorePatterns } from '../../world/context/index.ts';
import { type SecretFile, secretFile } from '../../world/secrets/index.ts';
import { defineRule, type Finding, found, ignoreFileFix, type RuleDocs, type TargetSubject } from '../define.ts';

/** The pattern of the ignore file that keeps a source out of the context: then COPY finds nothing, which is another rule's matter. */
function leftOut({ build, facts, context }: TargetSubject, step: Step, path: string): string | undefined {
  if (contextCopy(step) === undefined || /[*?[$]/.test(path)) return undefined;
  const fact = facts.ask('ignore-file', { context, dockerfile: build.file });
  const ignored = isKnown(fact) ? ignorePatterns(fact.value.patterns) : undefined;
  // A later "!" may let it in again.
  if (ignored === undefined || 'refused' in ignored || ignored.exceptions) return undefined;
  const decision = decide(ignored, cleanPath(path));
  return 'by' in decision ? decision.by?.text : undefined;
}

interface Held {
  readonly name: string;
  readonly file: SecretFile;
}

/** Files at the top of the context that hold secrets by their name and are not left out, or what must be known to tell. */
function secretsAtTop({ build, facts, context }: TargetSubject): readonly Held[] | { readonly wants: FactKey[] } {
  const of = { context, dockerfile: build.file };
  const [root, ignoreFile] = [facts.ask('context-root', { context }), facts.ask('ignore-file', of)];
  const wants: FactKey[] = [];
  if (!isKnown(root)) wants.push({ kind: 'context-root', of: { context } });
  if (!isKnown(ignoreFile)) wants.push({ kind: 'ignore-file', of });
  if (!isKnown(root) || !isKnown(ignoreFile)) return { wants };
  const ignored = ignorePatterns(ignoreFile.value.patterns);
  return root.value.files.flatMap((name) => {
    const file = secretFile(name);
    if (file === undefined || file.doubtful) return [];
    const decision = 'refused' in ignored ? undefined : decide(ignored, name);
    const leftOut = decision !== undefined && 'ignored' in decision && decision.ignored;
    return leftOut ? [] : [{ name, file }];
  });
}

/** What COPY of the whole context takes along. */
function takenAlong(subject: TargetSubject, need: ContextNeed, held: readonly Held[]): Finding {
  const { build } = subject;
  const { stage } = need.step;
  const shipped = stage !== undefined && ships(build, stage);
  const names = held.map(({ name, file }) => `${name} (${file.holds})`).join(', ');
  return {
    at: need.span,
    step: need.step,
    message: `${need.text} takes ${names}: ${shipped ? 'whoever pulls the image can read it' : 'it stays in the build cache, and in exported caches'}`,
    help: `leave ${held.length === 1 ? 'it' : 'them'} out in .dockerignore, and give it to the container when it starts`,
    ...(!shipped && { level: 'info' as const }),
    fix: ignoreFileFix(subject, 'ignored'),
  };
}

export default defineRule({
  id: 'secret-file-copied',
  practice: 'P12',
  catalogue: ['P12.3'],
  point: 4,
  level: 'warning',
  fixClass: 'F',
  summary: 'a file that holds secrets is copied into a layer',
  aliases: [],
  about: { instructions: ['COPY', 'ADD'], otherwise: 'nothing is copied' },
  subject: 'target',
  check(subject) {
    const { build } = subject;
    const findings: Finding[] = [];
    let copies = 0;
    let ignored = 0;
    for (const stage of build.needed) {
      for (const step of stage.steps) {
        for (const word of copyWords(step)?.sources ?? []) {
          const { span } = word;
          const value = plainWord(step, word);
          copies += 1;
          const file = secretFile(value);
          if (file === undefined) continue;
          if (leftOut(subject, step, value) !== undefined) {
            ignored += 1;
            continue;
          }
          const shipped = ships(build, stage);
          findings.push({
            at: span,
            message: `${word.value.includes('$') ? word.value : value} ${file.doubtful ? 'may hold' : 'holds'} ${file.holds}: ${shipped ? 'whoever pulls the image can read it' : 'it stays in the build cache, and in exported caches'}`,
            help: 'mount it in the RUN that needs it (--mount=type=secret), or give it to the container when it starts',
            ...((file.doubtful || !shipped) && { level: 'info' as const }),
            step,
            fix: {
              declined:
                'what reads the file decides how it gets it; `layerwise context --write` keeps it out of the build context',
            },
          });
        }
      }
    }
    if (copies === 0) return { is: 'not-applicable', because: 'nothing is copied' };
    const whole = wholeContextCopy(build);
    const held = whole === undefined ? [] : secretsAtTop(subject);
    if ('wants' in held) {
      if (findings.length === 0)
        return { is: 'unknown', because: 'it is not known what lies in the build context', wants: held.wants };
    } else if (whole !== undefined && held.length > 0) findings.push(takenAlong(subject, whole, held));
    return found(findings, {
      is: 'held',
      evidence: [
        {
          at: { file: build.file },
          says:
            ignored === 0 ? 'no copied file is named like a secret' : 'the ignore file leaves out what holds secrets',
        },
      ],
    });
  },
});

export const docs: RuleDocs = {
  why: `A file in a layer can be read by everybody who can pull the image, even when a later instruction deletes it. Keys, \`.env\` files and
registry credentials belong to the place where the container runs, or to one RUN:

\`RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\``,
  examples: [
    { bad: 'FROM node:22-bookworm-slim\nCOPY package.json «.env» ./\n', declined: 'context --write' },
    {
      title: 'the ignore file lets it in again',
      bad: 'FROM node:22-bookworm-slim\nCOPY «.env» ./\n',
      declined: 'context --write',
      files: { '.dockerignore': '.env*\n!.env\n', '.env': '' },
    },
    { title: 'a key', bad: 'FROM debian:12-slim\nADD «keys/id_rsa» /root/.ssh/id_rsa\n', declined: 'context --write' },
    {
      title: 'as JSON, in quotes, and by a variable',
      bad: 'FROM debian:12-slim\nENV KEYS=keys\nCOPY [«"keys/id_rsa"», "/root/.ssh/"]\nCOPY «".env"» /srv/\nCOPY «$KEYS/id_rsa» /srv/\n',
      declined: 'context --write',
    },
    {
      title: 'along with the whole context',
      bad: 'FROM debian:12-slim\nCOPY «.» /app\n',
      good: 'FROM debian:12-slim\nCOPY . /app\n',
      variant: 'ignored',
      files: { '.env': '', 'main.c': '' },
      others: {
        '.dockerignore':
          '# the history of the project\n**/.git\n\n# settings that are usually secrets\n**/.env\n**/.env.*\n\n# a change in it changes no image\n.dockerignore\n',
      },
    },
    {
      title: 'along with the whole context, and nobody looked what may be left out',
      bad: 'FROM debian:12-slim\nCOPY «.» /app\n',
      declined: 'context --write',
      plan: 'not-asked',
      files: { '.dockerignore': '*.log\n', id_rsa: '', 'main.c': '' },
    },
    {
      title: 'in a stage that does not ship, as info',
      bad: 'FROM node:22-bookworm-slim AS build\nCOPY «.npmrc» ./\nFROM scratch\nCOPY --from=build /app /app\n',
      declined: 'context --write',
    },
  ],
  silent: [
    {
      title: 'what lies at the top of the whole context is left out, or a sample',
      text: 'FROM debian:12-slim\nCOPY . /app\n',
      is: 'held',
      files: { '.dockerignore': '.env*\n', '.env': '', '.env.example': '', 'main.c': '' },
    },
    {
      title: 'nobody looked what lies in the context that is copied as a whole',
      text: 'FROM debian:12-slim\nCOPY . /app\n',
      is: 'unknown',
    },
    {
      title: 'a mount takes nothing into a layer',
      text: 'FROM debian:12-slim\nCOPY main.c ./\nRUN --mount=type=bind,target=/src true\n',
      is: 'held',
      files: { id_rsa: '', 'main.c': '' },
    },
    {
      title: 'the ignore file keeps it out of the context',
      text: 'FROM node:22-bookworm-slim\nCOPY package.json .env ./\n',
      is: 'held',
      files: { '.dockerignore': '.env\n**/*.pem\n', '.env': '', 'package.json': '' },
    },
    {
      title: 'the ignore file keeps out what is named in quotes',
      text: 'FROM node:22-bookworm-slim\nCOPY [".env", "./"]\nCOPY ".env" ./\n',
      is: 'held',
      files: { '.dockerignore': '.env\n', '.env': '' },
    },
    { title: 'a sample', text: 'FROM debian:12-slim\nCOPY .env.example /app/.env\n', is: 'held' },
    { title: 'a public key', text: 'FROM debian:12-slim\nCOPY id_rsa.pub /root/.ssh/authorized_keys\n', is: 'held' },
    { title: 'a certificate', text: 'FROM debian:12-slim\nCOPY rds-ca-bundle.pem /etc/ssl/certs/\n', is: 'held' },
    { title: 'nothing is copied', text: 'FROM debian:12-slim\nRUN true\n', is: 'not-applicable' },
  ],
};
