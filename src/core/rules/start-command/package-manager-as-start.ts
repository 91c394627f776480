import { isWindows, startCommands } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const ALWAYS = new Set(['npm', 'yarn', 'pnpm', 'bunx', 'npx']);
const RUNNERS = new Set(['poetry', 'pipenv', 'uv', 'pdm', 'hatch', 'rye']);
/** Subcommands that start a script or program of the project. */
const STARTS = /^(?:start|run|run-script|exec|serve|dev|start:.*|serve:.*)$/;
/** As PID 1 they pass signals on, to the whole group when asked. */
const INITS = new Set(['tini', 'dumb-init', 'catatonit', 's6-svscan', 'docker-init']);

export default defineRule({
  id: 'package-manager-as-start',
  practice: 'P14',
  catalogue: ['G074'],
  point: 5,
  level: 'warning',
  fixClass: 'F+B',
  summary: 'a package manager is the start command, between the engine and the program',
  aliases: [],
  about: { instructions: ['CMD', 'ENTRYPOINT'], otherwise: 'the file sets no start command' },
  subject: 'target',
  check({ build, target }) {
    const findings: Finding[] = [];
    const starts = startCommands(target);
    for (const { program, words, wrappers, last, step } of starts) {
      const runner =
        wrappers.find((name) => RUNNERS.has(name) || ALWAYS.has(name)) ??
        (program !== undefined && (ALWAYS.has(program) || RUNNERS.has(program)) ? program : undefined);
      if (runner === undefined || !last || wrappers.some((name) => INITS.has(name))) continue;
      const args = words.slice(1).map(({ value }) => value);
      // `npm` alone, `npm test` and the like are no service
      if (
        runner === program &&
        !['npx', 'bunx'].includes(runner) &&
        !args.some((word) => word !== undefined && STARTS.test(word)) &&
        runner !== 'yarn'
      )
        continue;
      if (args.some((word) => /^(?:test|lint|build|install|ci|t|--version|--help)$/.test(word ?? ''))) continue;
      const [first] = words;
      if (first === undefined) continue;
      findings.push({
        at: first.span,
        message: `${runner} is PID 1: it stays in memory beside the program, and signals and exit codes pass through it`,
        help: 'start the program itself, e.g. ["node", "dist/server.js"] or ["gunicorn", "app:app"] with the environment on PATH',
        step,
        fix: {
          declined: 'what the script starts stands in the manifest of the project: `layerwise adopt` will resolve it',
        },
      });
    }
    if (starts.length === 0) return { is: 'not-applicable', because: 'the file sets no start command' };
    if (isWindows(build, target)) return { is: 'not-applicable', because: 'Windows has no signals to pass on' };
    const span = starts[0]?.step.instruction.span;
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file, ...(span && { span }) }, says: 'the program is started itself' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `\`npm start\` starts npm, which starts a shell, which starts node: two processes more, tens of megabytes, and a SIGTERM that may not arrive
where connections are drained. The image then also needs the package manager, with its own vulnerabilities.`,
  examples: [
    { bad: 'FROM node:22-bookworm-slim\nCMD [«"npm"», "start"]\n', declined: 'adopt' },
    {
      title: 'in shell form',
      bad: 'FROM node:22-bookworm-slim\nCMD node migrate.js && exec «yarn» start\n',
      declined: 'adopt',
    },
    {
      title: 'a runner',
      bad: 'FROM python:3.12-slim\nCMD ["poetry", "run", «"gunicorn"», "app:app"]\n',
      declined: 'adopt',
    },
  ],
  silent: [
    { title: 'the program itself', text: 'FROM node:22-bookworm-slim\nCMD ["node", "server.js"]\n', is: 'held' },
    {
      title: 'behind an init',
      text: 'FROM node:22-bookworm-slim\nENTRYPOINT ["tini", "-g", "--"]\nCMD ["npm", "start"]\n',
      is: 'held',
    },
    {
      title: 'Windows has no signals',
      text: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nCMD ["npm", "start"]\n',
      is: 'not-applicable',
    },
    { title: 'tests', text: 'FROM node:22-bookworm-slim\nCMD ["npm", "test"]\n', is: 'held' },
    {
      title: 'before the program',
      text: 'FROM node:22-bookworm-slim\nCMD npm run migrate && exec node server.js\n',
      is: 'held',
    },
    { title: 'the base image decides', text: 'FROM node:22-bookworm-slim\n', is: 'not-applicable' },
  ],
};
