import type { State } from '../language/shell/index.ts';
import { type Build, ignoreChange, type Stage, type Step } from '../model/index.ts';
import type { Claim, Edit, Evidence, FactKey, FileChange, Level, Path, Place, Span } from '../vocabulary/index.ts';
import type { Facts } from '../world/facts/index.ts';

/** What a rule is called about. A `target` rule sees one stage that somebody builds, a `dockerfile` rule the whole file. */
export interface TargetSubject {
  readonly build: Build;
  /** The stage that is built. */
  readonly target: Stage;
  readonly facts: Facts;
  /** Directory of the build context, relative to the project root. */
  readonly context: Path;
}

export interface DockerfileSubject {
  readonly build: Build;
  readonly facts: Facts;
  readonly context: Path;
}

/** A change that mends one finding. The author writes claims; whether it is safe follows from recorded evidence. */
export interface Proposal {
  /** What it does, imperative, lower case: `remove the package lists`. */
  readonly title: string;
  /** The branch that evidence is kept for: `apt`, `apk`, … */
  readonly variant: string;
  readonly edits: readonly Edit[];
  /** Files besides the Dockerfile that change with it. */
  readonly others?: readonly FileChange[];
  readonly claims: readonly Claim[];
  readonly drops?: readonly Place[];
}

export interface Declined {
  /** Why there is no fix here, and what would do it. */
  readonly declined: string;
}

export interface Finding {
  /** The smallest span that shows it. */
  readonly at: Span;
  /** What is wrong: lower case, no full stop. Never the value of a secret. */
  readonly message: string;
  /** What to do. */
  readonly help?: string;
  /** Lower than the rule's own level, never higher. */
  readonly level?: Level;
  /** The instruction it is about; by default the one that `at` lies in. */
  readonly step?: Step;
  readonly related?: readonly { readonly at: Span; readonly label: string }[];
  readonly secrets?: readonly Span[];
  /** Another tool's id for this very finding. */
  readonly code?: string;
  readonly fix: Proposal | Declined;
  readonly suggestions?: readonly Proposal[];
}

export type Answer =
  /** There was something to look at, and it is as it should be. */
  | { readonly is: 'held'; readonly evidence: readonly Evidence[] }
  | { readonly is: 'violated'; readonly findings: readonly Finding[] }
  /** The rule does not speak of this subject: the reason is printed. */
  | { readonly is: 'not-applicable'; readonly because: string }
  | { readonly is: 'unknown'; readonly because: string; readonly wants?: readonly FactKey[] };

/** The guide's seven checklist points; a rule outside them has none. */
export type Point = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** What a *fix* needs, as in the catalogue: text, facts of the project, a build, the registry; N: none is possible. */
export type FixClass = 'S' | 'F' | 'R' | 'B' | 'S+B' | 'F+B' | 'R+B' | 'F+R' | 'F+R+B' | 'S+R' | 'N';

/**
 * What a rule has to do with. A file in which nothing of it stands is not asked: the rule is not applicable there. It spares
 * most files most rules, so whatever it names must be all that the rule can speak of.
 */
export interface About {
  /** Names of instructions, in capitals. */
  readonly instructions?: readonly string[];
  /** Programs, by their usual name. */
  readonly programs?: readonly string[];
  /** States that a command may write. */
  readonly written?: readonly State[];
  /** Why it is not applicable then. */
  readonly otherwise: string;
}

interface RuleMeta {
  /** The bad thing, in kebab-case: `apt-lists-left-behind`. */
  readonly id: string;
  /** Row of the guide: `P11`, or `X1` for what lies beyond it. */
  readonly practice: string;
  /** Rows of the catalogue: `P11.3`. */
  readonly catalogue: readonly string[];
  readonly point?: Point;
  /** Its being broken speaks against the point, its being kept says nothing of it. */
  readonly onlyAgainst?: true;
  readonly level: Level;
  readonly fixClass: FixClass;
  /** One line for lists: what is wrong. */
  readonly summary: string;
  /** Ids of other tools for the same thing: `hadolint/DL3009`, `buildkit/StageNameCasing`. Their ignore comments count. */
  readonly aliases: readonly string[];
  /** Its fix may bring another rule's finding to light that was there before. */
  readonly reveals?: boolean;
  /** Its findings mark secrets: it is asked even where it is off, so that no report shows what it would have masked. */
  readonly marksSecrets?: true;
  readonly about?: About;
  /** Off unless a project turns it on, with the reason. */
  readonly offByDefault?: string;
}

export type Rule = RuleMeta &
  (
    | { readonly subject: 'target'; readonly check: (subject: TargetSubject) => Answer }
    | { readonly subject: 'dockerfile'; readonly check: (subject: DockerfileSubject) => Answer }
  );

/** An identity that gives the literal its type. */
export function defineRule(rule: Rule): Rule {
  return rule;
}

/** `bad` gives the diagnostic; fixing gives exactly `good`, on which the rule is silent. Without `good` the fix is declined. */
export interface RuleExample {
  readonly title?: string;
  /** `«` and `»` mark the expected spans; they are not part of the text. */
  readonly bad: string;
  readonly good?: string;
  /** Part of the reason when there is no `good`. */
  readonly declined?: string;
  /** Variant of the fix, when it is not the only one. */
  readonly variant?: string;
  /** Files of the build context by path; a value of `null` is a directory, bytes are given as a binary string. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Files besides the Dockerfile as the fix leaves them. */
  readonly others?: Readonly<Record<string, string>>;
  /** Nobody walks the context to plan an ignore file, as in a check that changes nothing. */
  readonly plan?: 'not-asked';
}

/** A file on which the rule must say nothing, with the complaint or trap that it stands for. */
export interface SilentExample {
  readonly title: string;
  readonly text: string;
  readonly is: 'held' | 'not-applicable' | 'unknown';
  readonly files?: Readonly<Record<string, string | null>>;
}

/**
 * The rule's page. Exported as `docs` beside the default export, so that the start bundle leaves it out: only the page,
 * the tests and `explain` import it.
 */
export interface RuleDocs {
  /** Why it matters, a paragraph or two of Markdown. */
  readonly why: string;
  /** Measured figure, with where it comes from. */
  readonly figure?: string;
  readonly examples: readonly RuleExample[];
  readonly silent: readonly SilentExample[];
  readonly links?: readonly string[];
  /**
   * Variants whose fix changes what a RUN does: they claim `same-build-but` and `observed`, and are safe only when the lab
   * upholds each observation, on examples and on counter-examples where the fix must decline.
   */
  readonly observed?: readonly string[];
  /** Those of `observed` that hold whatever comes later: there is nothing to decline, so no counter-example. */
  readonly unconditional?: readonly string[];
  /** Variants that rest on something nobody has seen: never safe, whatever evidence says. */
  readonly unseen?: readonly string[];
}

/** What the ignore file of the context is to leave out besides, as a fix; or why nothing. */
export function ignoreFileFix({ build, facts, context }: DockerfileSubject, variant: string): Proposal | Declined {
  const planned = ignoreChange(facts, { context, dockerfile: build.file });
  if (typeof planned === 'string') return { declined: planned };
  const { title, change, claims } = planned;
  return { title, variant, edits: [], others: [change], claims };
}

/** Findings when there are any, else what holds. */
export function found(findings: readonly Finding[], otherwise: Answer): Answer {
  return findings.length > 0 ? { is: 'violated', findings } : otherwise;
}
