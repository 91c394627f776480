import { isKnown, type Step } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** Variables that put a program into development mode, with the values that do. */
const MODES: Readonly<Record<string, RegExp>> = {
  NODE_ENV: /^dev(?:elopment)?$/,
  FLASK_ENV: /^development$/,
  FLASK_DEBUG: /^(?:1|true|on)$/i,
  DJANGO_DEBUG: /^(?:1|true|yes|on)$/i,
  RAILS_ENV: /^development$/,
  RACK_ENV: /^development$/,
  APP_ENV: /^(?:dev|development|local)$/i,
  APP_DEBUG: /^(?:1|true)$/i,
  SYMFONY_ENV: /^dev$/,
  ASPNETCORE_ENVIRONMENT: /^development$/i,
  DOTNET_ENVIRONMENT: /^development$/i,
  MIX_ENV: /^dev$/,
  DEBUG: /^(?:1|true|yes|on|\*)$/i,
};

export default defineRule({
  id: 'development-mode',
  practice: 'P25',
  catalogue: ['P25.3'],
  level: 'info',
  fixClass: 'F',
  summary: 'what ships runs in development mode',
  aliases: [],
  subject: 'target',
  check({ build, target }) {
    if (build.purpose.is === 'base') return { is: 'not-applicable', because: 'it is an image to build on' };
    const findings: Finding[] = [];
    let seen: Step | undefined;
    for (const step of build.shipped.flatMap(({ steps }) => steps)) {
      const { name, args } = step.instruction;
      if (name !== 'ENV' || args.form !== 'pairs') continue;
      for (const { key, span } of args.pairs) {
        const mode = MODES[key.value];
        if (mode === undefined || target.end.variableStep(key.value) !== step) continue;
        seen ??= step;
        const value = target.end.env(key.value);
        if (!isKnown(value) || value.value === undefined || !mode.test(value.value)) continue;
        findings.push({
          at: span,
          message:
            key.value === 'DEBUG'
              ? 'DEBUG may put what ships into development mode, where a program of the image looks at it'
              : `${key.value} puts what ships into development mode: slower, and it tells strangers about errors`,
          help: 'leave it out here, and set it where the container is run for development',
          step,
          fix: {
            declined: 'who runs the image for development stands in other files: `layerwise adopt` will look there',
          },
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no such mode is set' }
        : {
            is: 'held',
            evidence: [
              { at: { file: build.file, span: seen.instruction.span }, says: 'the mode is not that of development' },
            ],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `Development mode recompiles, reloads and shows stack traces, in some frameworks a console in the browser. An image is built once and run in many
places, so the mode for development belongs to the place where somebody develops: a compose file, an option of \`docker run\`.`,
  examples: [
    { bad: 'FROM python:3.13-slim-trixie\nENV «FLASK_ENV=development»\nCMD ["flask", "run"]\n', declined: 'adopt' },
    {
      title: 'one of several',
      bad: 'FROM node:22-bookworm-slim\nENV PORT=3000 «NODE_ENV=development»\nCMD ["node", "server.js"]\n',
      declined: 'adopt',
    },
  ],
  silent: [
    {
      title: 'production',
      text: 'FROM node:22-bookworm-slim\nENV NODE_ENV=production\nCMD ["node", "server.js"]\n',
      is: 'held',
    },
    {
      title: 'only a builder',
      text: 'FROM node:22 AS build\nENV NODE_ENV=development\nFROM node:22-bookworm-slim\nCOPY --from=build /a /a\nCMD ["node", "server.js"]\n',
      is: 'not-applicable',
    },
    {
      title: 'set anew later',
      text: 'FROM node:22-bookworm-slim\nENV NODE_ENV=development\nENV NODE_ENV=production\nCMD ["node", "server.js"]\n',
      is: 'held',
    },
    {
      title: 'the names that debug prints',
      text: 'FROM node:22-bookworm-slim\nENV DEBUG=app:http\nCMD ["node", "server.js"]\n',
      is: 'held',
    },
    { title: 'none', text: 'FROM node:22-bookworm-slim\nCMD ["node", "server.js"]\n', is: 'not-applicable' },
  ],
};
