import { type StartCommand, startCommands } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

interface Development {
  readonly program: RegExp;
  /** Its arguments, joined; left out: always. */
  readonly args?: RegExp;
  readonly help: string;
}

const BUILT = 'build the files in an earlier stage, and serve them with a web server';
const SERVERS: readonly Development[] = [
  { program: /^(?:nodemon|node-dev|ts-node-dev|tsnd)$/, help: 'start node itself' },
  { program: /^(?:ts-node|ts-node-esm)$/, help: 'compile in an earlier stage, and start node' },
  { program: /^tsx$/, args: /^watch\b/, help: 'compile in an earlier stage, and start node' },
  { program: /^vite$/, args: /^(?:$|dev|serve|--?\w)/, help: BUILT },
  {
    program: /^(?:next|nuxt|nuxi|astro)$/,
    args: /^dev\b/,
    help: 'build in an earlier stage, and use its start command',
  },
  { program: /^ng$/, args: /^(?:s|serve)\b/, help: BUILT },
  { program: /^gatsby$/, args: /^develop\b/, help: BUILT },
  { program: /^react-scripts$/, args: /^start\b/, help: BUILT },
  { program: /^webpack-dev-server$/, help: BUILT },
  { program: /^webpack$/, args: /^(?:serve|.*--watch)\b/, help: BUILT },
  {
    program: /^(?:npm|pnpm|yarn|bun)$/,
    args: /^(?:run )?(?:dev|develop|start:dev|dev:\S+|watch)\b/,
    help: 'build in an earlier stage, and start the built program',
  },
  { program: /^flask$/, args: /(?:^| )run\b/, help: 'use gunicorn, uWSGI or waitress' },
  { program: /^fastapi$/, args: /^dev\b/, help: 'use fastapi run, or uvicorn' },
  { program: /^(?:uvicorn|gunicorn|hypercorn)$/, args: /(?:^| )--reload\b/, help: 'leave --reload out' },
  {
    program: /^(?:python[\d.]*|manage\.py|django-admin)$/,
    args: /(?:^| )runserver\b/,
    help: 'use gunicorn or uvicorn',
  },
  { program: /^php[\d.]*$/, args: /^-S\b|(?:^| )artisan serve\b/, help: 'use php-fpm, Apache or FrankenPHP' },
  { program: /^(?:jekyll|mkdocs)$/, args: /^(?:s|serve|server)\b/, help: BUILT },
  { program: /^hugo$/, args: /^(?:serve|server)\b/, help: BUILT },
  { program: /^(?:air|CompileDaemon|realize|fresh|reflex)$/, help: 'build in an earlier stage, and start the binary' },
  { program: /^go$/, args: /^run\b/, help: 'build in an earlier stage, and start the binary' },
  { program: /^cargo$/, args: /^(?:run|watch)\b/, help: 'build in an earlier stage, and start the binary' },
];

/** Names of stages and files that are for development: there such a server is right. */
const FOR_DEVELOPMENT = /(?:^|[-_.])(?:dev|devel|develop|development|debug|local|test|watch)(?:[-_.]|$)/i;

function developmentServer({ program, words }: StartCommand): Development | undefined {
  if (program === undefined) return undefined;
  const args = words
    .slice(1)
    .map(({ value }) => value ?? '$')
    .join(' ');
  return SERVERS.find((each) => each.program.test(program) && (each.args?.test(args) ?? true));
}

export default defineRule({
  id: 'development-server',
  practice: 'P14',
  catalogue: ['G080'],
  level: 'warning',
  fixClass: 'F',
  summary: 'the image starts a development server',
  aliases: [],
  about: { instructions: ['CMD', 'ENTRYPOINT'], otherwise: 'the file sets no start command' },
  subject: 'target',
  check({ build, target }) {
    const starts = startCommands(target);
    if (starts.length === 0) return { is: 'not-applicable', because: 'the file sets no start command' };
    if (FOR_DEVELOPMENT.test(target.label) || FOR_DEVELOPMENT.test(build.file.slice(build.file.lastIndexOf('/') + 1))) {
      return { is: 'not-applicable', because: 'the target is for development by its name' };
    }
    const findings: Finding[] = [];
    for (const start of starts) {
      const server = developmentServer(start);
      const [first] = start.words;
      if (server === undefined || first === undefined) continue;
      findings.push({
        at: first.span,
        message: `${start.program} is started as a development server: it watches files or compiles at start, and is not made for load`,
        help: server.help,
        step: start.step,
        fix: { declined: 'the command for production stands in the project: `layerwise adopt` will look for it' },
      });
    }
    const span = starts[0]?.step.instruction.span;
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file, ...(span && { span }) }, says: 'no development server is started' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `Development servers reload on change, show stack traces and consoles to visitors, serve one request at a time, and need compilers and
development dependencies in the image. Their own manuals say not to use them in production.`,
  examples: [
    { bad: 'FROM node:22-bookworm-slim\nCMD [«"npm"», "run", "dev"]\n', declined: 'adopt' },
    {
      title: 'Flask',
      bad: 'FROM python:3.12-slim\nENV FLASK_APP=app\nCMD [«"flask"», "run", "--host=0.0.0.0"]\n',
      declined: 'adopt',
    },
    {
      title: 'in shell form, after another',
      bad: 'FROM python:3.12-slim\nCMD python manage.py migrate && «python» manage.py runserver 0.0.0.0:8000\n',
      declined: 'adopt',
    },
  ],
  silent: [
    { title: 'a server for production', text: 'FROM python:3.12-slim\nCMD ["gunicorn", "app:app"]\n', is: 'held' },
    { title: 'a built program', text: 'FROM node:22-bookworm-slim\nCMD ["next", "start"]\n', is: 'held' },
    {
      title: 'a stage for development',
      text: 'FROM node:22-bookworm-slim AS dev\nCMD ["nodemon", "server.js"]\n',
      is: 'not-applicable',
    },
    { title: 'the base image decides', text: 'FROM node:22-bookworm-slim\n', is: 'not-applicable' },
  ],
};
