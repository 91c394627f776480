import { mayInstall } from '../language/shell/index.ts';
import { dependsOnArgument } from './build-args.ts';
import { isKnown, valueOf } from './known.ts';
import { SYSTEM_MANAGERS } from './packages.ts';
import { alongChain, executedSteps } from './stages.ts';
import type { Stage, Step, StepCommand } from './types.ts';
import { copyWords } from './words.ts';

export interface Account {
  readonly name: string;
  /** Undefined when nothing says it. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** The step that made it; undefined for one of the base image. */
  readonly step: Step | undefined;
  /** What the number is written as, where a build argument says it: `uid` is its default. */
  readonly uidArgument?: string;
}

export interface Accounts {
  /** The account of that name that was made last, or that the base image has. */
  named(name: string): Account | undefined;
  /** Why there may be others; undefined: there is none besides those that are known and the system's own. */
  readonly doubt: string | undefined;
  /** A command gives an account another number or name, or takes it away: the numbers here may be old. */
  readonly changed: boolean;
}

/** Accounts that Debian, Alpine or a Red Hat system come with. */
const SYSTEM =
  /^(?:root|daemon|bin|sys|sync|games|man|lp|mail|news|uucp|proxy|www-data|backup|list|irc|gnats|_apt|nobody|adm|shutdown|halt|operator|postmaster|cron|ftp|sshd|at|squid|xfs|cyrus|vpopmail|ntp|smmsp|guest|systemd-[a-z]+|dbus|messagebus|tss|ubuntu|libuuid|syslog|mysql|postgres|http|svn|avahi|polkitd)$/;

const CHANGES = /^(?:usermod|groupmod|userdel|deluser|vipw|fixuid)$/;

/** True for a name that a system's own account may have. */
export function isSystemAccount(name: string): boolean {
  return SYSTEM.test(name);
}

function numberOf(option: string | undefined): number | undefined {
  return option !== undefined && /^\d{1,9}$/.test(option) ? Number(option) : undefined;
}

/** The account that a command makes; its numbers only where the command says them. */
function created({ invocation, step }: StepCommand): Account | undefined {
  if (invocation?.action !== 'create-user') return undefined;
  const name = invocation.operands[0]?.value;
  if (name === undefined) return undefined;
  const last = (...names: string[]) => invocation.options.findLast((option) => names.includes(option.name))?.value;
  const uid = last('--uid', '-u');
  const made = { name, uid: numberOf(uid?.value), gid: numberOf(last('--gid')?.value), step };
  return uid !== undefined && dependsOnArgument(step, uid.text) ? { ...made, uidArgument: uid.text } : made;
}

function isEtc(step: Step): boolean {
  const copy = copyWords(step);
  if (copy === undefined) return false;
  const target = valueOf(step.expand(copy.target)) ?? '$';
  return target.includes('$') || /^\/(?:$|etc(?:\/?$|\/passwd))/.test(target);
}

/** Why a step may make accounts that its text does not show. */
function doubtOf(step: Step): string | undefined {
  if (isEtc(step)) return 'a copied file may bring accounts';
  if (step.instruction.name !== 'RUN') return undefined;
  if (
    step.scripts.some(({ opaque, partial }) => opaque !== undefined || partial) ||
    (step.argv !== undefined && step.scripts.length === 0)
  )
    return 'a command that cannot be read may make accounts';
  for (const each of step.commands) {
    const { invocation, command } = each;
    if (invocation === undefined && command.words.length > 0)
      return `${command.program ?? 'a program'} may make accounts`;
    if (mayInstall(each)) return 'a script may make accounts';
    if (
      invocation?.action === 'install' &&
      (SYSTEM_MANAGERS.has(invocation.program) || invocation.writes.includes('packages'))
    )
      return 'a package may make accounts';
    const writesPasswd = command.redirects.some(({ target }) => target?.unquoted.startsWith('/etc/') === true);
    if (writesPasswd || invocation?.outputs.some(({ unquoted }) => /^\/etc(?:\/|$)/.test(unquoted)) === true)
      return 'a command writes to /etc';
    if (
      invocation?.writes.includes('users') === true &&
      (invocation.action !== 'create-user' || invocation.operands[0]?.value === undefined) &&
      invocation.action !== 'create-group'
    )
      return 'a command changes accounts';
  }
  return undefined;
}

/** What a stage's own steps do to accounts, and what came from below. */
interface Made {
  /** Accounts by name, each with the step that made it, in order. */
  readonly byName: ReadonlyMap<string, readonly Account[]>;
  /** Where a doubt comes up first, and why. */
  readonly doubt: { readonly index: number; readonly why: string } | undefined;
  /** The first step that changes accounts. */
  readonly changed: number;
  readonly below: Below;
}

/** What a stage begins with. */
interface Below {
  /** The nearest stage below that makes accounts. */
  readonly makes: Made | undefined;
  readonly doubt: string | undefined;
  readonly changed: boolean;
}

const madeIn: (stage: Stage) => Made = alongChain((stage, lower) => {
  const byName = new Map<string, Account[]>();
  let doubt: Made['doubt'];
  let changed = Number.POSITIVE_INFINITY;
  for (const step of executedSteps(stage)) {
    if (doubt === undefined) {
      const why = doubtOf(step);
      if (why !== undefined) doubt = { index: step.index, why };
    }
    if (step.instruction.name !== 'RUN') continue;
    for (const command of step.commands) {
      if (CHANGES.test(command.command.program ?? '')) changed = Math.min(changed, step.index);
      const account = created(command);
      if (account === undefined) continue;
      const same = byName.get(account.name);
      if (same === undefined) byName.set(account.name, [account]);
      else same.push(account);
    }
  }
  return { byName, doubt, changed, below: endOf(stage, lower) };
});

/** What a stage begins with: what its base image has, or the stage below made. */
function endOf({ image: { users } }: Stage, lower: Made | undefined): Below {
  if (lower === undefined)
    return {
      makes: undefined,
      doubt: isKnown(users) ? undefined : 'the accounts of the base image are not known',
      changed: false,
    };
  const { byName, below, doubt, changed } = lower;
  return {
    makes: byName.size > 0 ? lower : below.makes,
    doubt: below.doubt ?? doubt?.why,
    changed: below.changed || Number.isFinite(changed),
  };
}

/** Accounts of a finished stage beyond the system's own, or before one of its steps. */
export function accountsOf(stage: Stage, before?: Step): Accounts {
  const end = before?.index ?? Number.POSITIVE_INFINITY;
  const { byName, doubt, changed, below } = madeIn(stage);
  return {
    named(name) {
      const own = byName.get(name)?.findLast(({ step }) => step !== undefined && step.index < end);
      if (own !== undefined) return own;
      for (let { makes } = below; makes !== undefined; makes = makes.below.makes) {
        const account = makes.byName.get(name)?.at(-1);
        if (account !== undefined) return account;
      }
      const user = valueOf(stage.image.users)?.findLast((each) => each.name === name);
      return user && { ...user, step: undefined };
    },
    doubt: below.doubt ?? (doubt !== undefined && doubt.index < end ? doubt.why : undefined),
    changed: below.changed || changed < end,
  };
}
