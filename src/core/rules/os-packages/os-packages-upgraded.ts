import { refused, removeCommand, removeInstruction } from '../../language/edit/index.ts';
import type { Invocation, State } from '../../language/shell/index.ts';
import {
  type Build,
  changesScript,
  claimName,
  evidenceAt,
  type Step,
  type StepCommand,
  SYSTEM_MANAGERS,
  scriptPlace,
  shippedCommands,
  whyNeeded,
} from '../../model/index.ts';
import type { Claim } from '../../vocabulary/index.ts';
import { type Declined, defineRule, found, type Proposal, type RuleDocs } from '../define.ts';

/** Upgrades whatever is installed; with names it is a patch of those, on purpose. */
function upgradesAll({ program, action, packages, complete }: Invocation): boolean {
  return action === 'upgrade' && SYSTEM_MANAGERS.has(program) && packages.length === 0 && complete;
}

const INDEXES: readonly State[] = ['apt-lists', 'apk-index'];

const VARIANT: Readonly<Record<string, string>> = { 'apt-get': 'apt', apt: 'apt', aptitude: 'apt', apk: 'apk' };

/** What a RUN that only upgrades consists of. */
function isHousekeeping({ command, invocation }: StepCommand): boolean {
  if (command.program === 'set' || command.program === 'true') return true;
  if (invocation === undefined) return false;
  if (invocation.action === 'delete') return invocation.clears.length > 0;
  if (!SYSTEM_MANAGERS.has(invocation.program)) return false;
  return /^(?:update-index|upgrade|clean)$/.test(invocation.action) || invocation.subcommand === 'autoremove';
}

/** The RUN fetches an index that only the upgrade reads. */
function leavesUpdateAlone({ step, invocation: upgrade }: StepCommand): boolean {
  const others = step.commands.flatMap(({ invocation }) =>
    invocation === undefined || invocation === upgrade ? [] : [invocation],
  );
  return INDEXES.some(
    (state) =>
      upgrade?.reads.includes(state) &&
      others.some(({ action, writes }) => action === 'update-index' && writes.includes(state)) &&
      !others.some(
        ({ program, reads, action }) => reads.includes(state) || (action === 'install' && program === upgrade?.program),
      ),
  );
}

/** The RUN goes; where nothing else happens in its stage, those that are FROM it start from its image. */
function removal(step: Step): Claim {
  const { stage } = step;
  const alone = stage?.steps.every((each) => each === step || !MAKES_LAYERS.has(each.instruction.name)) ?? false;
  const onTop = alone ? (stage?.descendants ?? []) : [];
  return {
    kind: 'same-build-but',
    differs: [claimName(step, 'removed'), ...onTop.map(({ label }) => `${label}/FROM/image`)],
  };
}

const MAKES_LAYERS = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

function withoutUpgrade(build: Build, upgrade: StepCommand): Proposal | Declined {
  const { step, invocation } = upgrade;
  const variant = VARIANT[invocation?.program ?? ''] ?? 'dnf';
  const title = `remove ${invocation?.program} ${invocation?.subcommand}`;
  if (step.scripts.length !== 1 || step.instruction.heredocs.length > 0)
    return { declined: 'the command does not stand in a plain chain' };
  if (step.commands.every(isHousekeeping)) {
    const needed = variant === 'apt' ? whyNeeded(build, step, 'apt-lists') : undefined;
    if (needed !== undefined)
      return { declined: `the package lists must stay, as ${needed}: join the instructions first` };
    const edits = removeInstruction(build.dockerfile, step.instruction);
    if (refused(edits)) return edits;
    return { title, variant, edits, claims: [removal(step)] };
  }
  if (leavesUpdateAlone(upgrade))
    return { declined: 'the update before it would fetch an index that nothing in the RUN reads: remove both' };
  const edits = removeCommand(scriptPlace(build, step), upgrade.command);
  return refused(edits) ? edits : { title, variant, edits, claims: [changesScript(build, step)] };
}

export default defineRule({
  id: 'os-packages-upgraded',
  practice: 'P11',
  catalogue: ['P11.4', 'P11.5', 'P11.6'],
  level: 'warning',
  fixClass: 'B',
  summary: 'all packages of the base image are upgraded during the build',
  aliases: ['hadolint/DL3005', 'hadolint/DL3017', 'hadolint/DL3031', 'hadolint/DL3035', 'hadolint/DL3039'],
  subject: 'dockerfile',
  check({ build }) {
    const commands = shippedCommands(build);
    const managers = commands.filter(({ invocation }) => SYSTEM_MANAGERS.has(invocation?.program ?? ''));
    const [first] = managers;
    if (first === undefined) return { is: 'not-applicable', because: 'no package manager runs in a stage that ships' };
    const findings = managers
      .filter(({ invocation }) => invocation !== undefined && upgradesAll(invocation))
      .map((each) => ({
        at: each.invocation?.subcommandWord?.span ?? each.command.span,
        message: `${each.invocation?.program} ${each.invocation?.subcommand} makes the image depend on the day of the build`,
        help: 'rebuild on a newer base image instead (a new tag or digest); where you patch on purpose: # layerwise ignore=os-packages-upgraded',
        step: each.step,
        fix: withoutUpgrade(build, each),
      }));
    return found(findings, { is: 'held', evidence: evidenceAt(build, first, 'nothing upgrades all packages') });
  },
});

export const docs: RuleDocs = {
  why: `An upgrade during the build writes every changed package into a second layer beside the old one, takes time, and gives
another image each day from the same Dockerfile, though only when the cache happens to be empty: a cached layer keeps the
packages of last month. Maintained base images are rebuilt with the fixes; moving to the newer digest brings them without that.
Some teams patch on purpose between two releases of their base: they ignore the rule in one line.`,
  examples: [
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get «upgrade» -y && apt-get install -y --no-install-recommends curl\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n',
      variant: 'apt',
    },
    {
      title: 'nothing else in the RUN',
      bad: 'FROM debian:12\nRUN apt-get update && apt-get «dist-upgrade» -y && rm -rf /var/lib/apt/lists/*\nRUN useradd app\n',
      good: 'FROM debian:12\nRUN useradd app\n',
      variant: 'apt',
    },
    {
      title: 'all that happens in a stage that others are FROM',
      bad: 'FROM alpine:3.22 AS base\nRUN apk update && apk «upgrade»\nFROM base AS builder\nRUN apk add --no-cache make\nFROM base\nRUN apk add --no-cache curl\n',
      good: 'FROM alpine:3.22 AS base\nFROM base AS builder\nRUN apk add --no-cache make\nFROM base\nRUN apk add --no-cache curl\n',
      variant: 'apk',
    },
    {
      title: 'apk, over several lines',
      bad: 'FROM alpine:3.22\nRUN apk update \\\n && apk «upgrade» \\\n && apk add --no-cache curl\n',
      good: 'FROM alpine:3.22\nRUN apk update \\\n && apk add --no-cache curl\n',
      variant: 'apk',
    },
    {
      title: 'dnf',
      bad: 'FROM fedora:42\nRUN dnf «update» -y && dnf install -y nginx && dnf clean all\n',
      good: 'FROM fedora:42\nRUN dnf install -y nginx && dnf clean all\n',
      variant: 'dnf',
    },
    {
      title: 'an update that is there for the upgrade, beside other things',
      bad: 'FROM debian:12\nRUN apt-get update && apt-get «upgrade» -y && useradd app\n',
      declined: 'remove both',
    },
    {
      title: 'a later RUN needs the lists',
      bad: 'FROM debian:12\nRUN apt-get update && apt-get «upgrade» -y\nRUN apt-get install -y curl\n',
      declined: 'must stay',
    },
    {
      title: 'semicolons',
      bad: 'FROM debian:12\nRUN set -e; apt-get update; apt-get «upgrade» -y; apt-get install -y curl\n',
      declined: 'all that its list does',
    },
  ],
  silent: [
    {
      title: 'named packages are a patch on purpose',
      text: 'FROM alpine:3.22\nRUN apk upgrade --no-cache libssl3\n',
      is: 'held',
    },
    {
      title: 'a builder stage (it does not ship)',
      text: 'FROM debian:12 AS b\nRUN apt-get upgrade -y\nFROM scratch\nCOPY --from=b /a /a\n',
      is: 'not-applicable',
    },
    { title: 'no upgrade', text: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\n', is: 'held' },
    {
      title: 'a language’s package manager',
      text: 'FROM python:3.13\nRUN pip install --upgrade pip\n',
      is: 'not-applicable',
    },
  ],
};
