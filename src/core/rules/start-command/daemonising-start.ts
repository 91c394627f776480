import {
  type Build,
  commandsOf,
  type Stage,
  type StartCommand,
  startCommands,
  valueOf,
  wordsOf,
} from '../../model/index.ts';
import { type Answer, defineRule, type Finding, found, type RuleDocs } from '../define.ts';

interface Daemon {
  readonly program: RegExp;
  /** Its arguments, joined, when it goes to the background. */
  readonly when?: RegExp;
  /** Its arguments, joined, when it stays. */
  readonly unless?: RegExp;
  /** What to do. */
  readonly help: string;
  /** Settings outside the command that may keep it in the foreground. */
  readonly settings?: RegExp;
}

const DAEMONS: readonly Daemon[] = [
  {
    program: /^nginx$/,
    unless: /daemon off|^-[tTvVh]|^-s/,
    help: 'add -g "daemon off;"',
    settings: /nginx|^\/etc\/?$|^\/$/,
  },
  {
    program: /^(?:apachectl|apache2ctl)$/,
    when: /(?:^|-k )(?:start|restart)\b/,
    unless: /FOREGROUND|(?:^| )-X/,
    help: 'start it with -D FOREGROUND',
  },
  { program: /^gunicorn$/, when: /(?:^| )(?:-D|--daemon)(?: |$)/, help: 'leave --daemon out' },
  { program: /^uwsgi$/, when: /(?:^| )(?:-d|--daemonize)\b/, help: 'leave --daemonize out' },
  { program: /^pm2$/, when: /^(?:start|restart)\b(?!.*--no-daemon)/, help: 'use pm2-runtime, or node itself' },
  { program: /^forever$/, when: /^start\b/, help: 'start node itself: the engine restarts it' },
  { program: /^redis-server$/, when: /--daemonize yes/, help: 'leave --daemonize out' },
  { program: /^mongod$/, when: /--fork\b/, help: 'leave --fork out' },
  { program: /^php-fpm[\d.]*$/, when: /(?:^| )(?:-D|--daemonize)(?: |$)/, help: 'start it with -F' },
  { program: /^sshd$/, unless: /(?:^| )-\w*[DdtTi]/, help: 'start it with -D' },
  {
    program: /^(?:service|rc-service)$/,
    when: /^\S+ (?:re)?start\b/,
    help: "start the service's program in the foreground",
  },
  { program: /^systemctl$/, when: /^(?:re)?start\b/, help: "start the service's program in the foreground" },
  { program: /^unicorn(?:_rails)?$/, when: /(?:^| )-D(?: |$)/, help: 'leave -D out' },
  { program: /^postfix$/, when: /^start$/, help: 'use postfix start-fg' },
];

function daemonOf({ program, words }: StartCommand): Daemon | undefined {
  if (program === undefined) return undefined;
  const args = words
    .slice(1)
    .map(({ value }) => value ?? '$')
    .join(' ');
  const path = words[0]?.value ?? '';
  if (path.startsWith('/etc/init.d/') && /^(?:re)?start\b/.test(args))
    return { program: /^/, help: "start the service's program in the foreground" };
  return DAEMONS.find(
    (each) => each.program.test(program) && (each.when?.test(args) ?? true) && !(each.unless?.test(args) ?? false),
  );
}

/** Why a setting that cannot be read here may keep the program in the foreground. */
function maybeKept(build: Build, target: Stage, daemon: Daemon): 'kept' | 'maybe' | undefined {
  const { settings } = daemon;
  if (settings === undefined) return undefined;
  const stages = [target, ...target.ancestors];
  for (const { command } of commandsOf(stages.flatMap(({ steps }) => steps))) {
    const text = command.words.map(({ unquoted }) => unquoted).join(' ');
    if (/daemon\s*off/.test(text)) return 'kept';
    if (command.redirects.some(({ target: file }) => file !== undefined && settings.test(file.unquoted)))
      return 'maybe';
  }
  const copied = stages
    .flatMap(({ steps }) => steps)
    .some(({ instruction }) => {
      if (instruction.name !== 'COPY' && instruction.name !== 'ADD') return false;
      const words = wordsOf(instruction);
      return (
        instruction.heredocs.length > 0 || words.some(({ value }) => settings.test(value) || /\.conf$/.test(value))
      );
    });
  // an image that brings the program may bring its settings
  return copied || build.references.length === 0 || !/^(?:debian|ubuntu|alpine|nginx)$/.test(familiarOf(target))
    ? 'maybe'
    : undefined;
}

function familiarOf({ root }: Stage): string {
  return root.kind === 'image' ? (valueOf(root.image)?.familiar ?? '') : '';
}

export default defineRule({
  id: 'daemonising-start',
  practice: 'P13',
  catalogue: ['G072'],
  level: 'warning',
  fixClass: 'S+B',
  summary: 'the service goes to the background, so that the container ends or watches something else',
  aliases: [],
  about: { instructions: ['CMD', 'ENTRYPOINT'], otherwise: 'the file sets no start command' },
  subject: 'target',
  check({ build, target }) {
    const findings: Finding[] = [];
    const starts = startCommands(target);
    let doubt: Answer | undefined;
    for (const start of starts) {
      const daemon = daemonOf(start);
      const [first] = start.words;
      if (daemon === undefined || first === undefined) continue;
      // `nginx && tail -f` and `nginx & wait` alike: what goes to the background by & was meant to
      if (start.command?.command.nesting.includes('background')) continue;
      const kept = maybeKept(build, target, daemon);
      if (kept === 'maybe')
        doubt ??= { is: 'unknown', because: `the settings of ${start.program} are not in the Dockerfile` };
      if (kept !== undefined) continue;
      findings.push({
        at: first.span,
        message: `${/^(?:service|rc-service|systemctl)$/.test(start.program ?? '') ? `what ${start.program} starts` : start.program} goes to the background: ${start.last ? 'the container ends at once' : 'nobody notices when it dies, and its output is lost'}`,
        help: daemon.help,
        step: start.step,
        fix: {
          declined: 'what keeps it in the foreground may stand in its settings too: try it with `layerwise prove`',
        },
      });
    }
    if (starts.length === 0) return { is: 'not-applicable', because: 'the file sets no start command' };
    const span = starts[0]?.step.instruction.span;
    return found(
      findings,
      doubt ?? {
        is: 'held',
        evidence: [
          {
            at: { file: build.file, ...(span && { span }) },
            says: 'nothing in the start command goes to the background',
          },
        ],
      },
    );
  },
});

export const docs: RuleDocs = {
  why: `A container lives as long as its first program. One that forks and ends takes the container with it; behind \`tail -f\` the container stays up
when the service is long dead, \`docker logs\` shows nothing and SIGTERM reaches \`tail\`.`,
  examples: [
    {
      bad: 'FROM debian:12-slim\nRUN apt-get update && apt-get install -y nginx\nCMD [«"nginx"»]\n',
      declined: 'prove',
    },
    {
      title: 'kept alive by tail',
      bad: 'FROM debian:12-slim\nCMD «service» cron start && tail -f /dev/null\n',
      declined: 'prove',
    },
    {
      title: 'an option',
      bad: 'FROM python:3.12-slim\nCMD [«"gunicorn"», "--daemon", "app:app"]\n',
      declined: 'prove',
    },
  ],
  silent: [
    { title: 'in the foreground', text: 'FROM nginx:1.27\nCMD ["nginx", "-g", "daemon off;"]\n', is: 'held' },
    {
      title: 'by its settings',
      text: 'FROM debian:12-slim\nRUN echo "daemon off;" >> /etc/nginx/nginx.conf\nCMD ["nginx"]\n',
      is: 'held',
    },
    {
      title: 'settings that are copied',
      text: 'FROM debian:12-slim\nCOPY nginx.conf /etc/nginx/nginx.conf\nCMD ["nginx"]\n',
      is: 'unknown',
    },
    { title: 'pm2-runtime', text: 'FROM node:22\nCMD ["pm2-runtime", "start", "app.js"]\n', is: 'held' },
    { title: 'the base image decides', text: 'FROM nginx:1.27\n', is: 'not-applicable' },
  ],
};
