import type { Instruction } from '../language/syntax/index.ts';
import { hash } from '../language/text/index.ts';
import { type Build, countWhere, mentionsOf, oncePer, type Stage } from '../model/index.ts';
import type { About, Answer, Finding, Proposal, Rule, TargetSubject } from '../rules/define.ts';
import type { Change, Diagnostic, Fix, Level, Outcome, Place, Report, Span } from '../vocabulary/index.ts';
import { type FactStore, type Facts, recordFacts } from '../world/facts/index.ts';
import { matchIgnores, unusedIgnores } from './ignores.ts';
import { levelOf } from './levels.ts';
import { offer } from './offer.ts';
import { ordinals } from './ordinals.ts';
import type { Subject } from './subject.ts';
import type { CheckOptions } from './types.ts';

/** A linted file: the report, and for each diagnostic the rule and finding that it came from. */
export interface Linted extends Report {
  readonly subject: Subject;
}

const noAnswers: FactStore = { get: () => undefined };

/** Asks every rule once about a file, and applies its ignore comments. */
export function lint(rules: readonly Rule[], subject: Subject, options: CheckOptions = {}): Linted {
  const facts = recordFacts(options.facts ?? noAnswers);
  const asked = asker(subject, facts);
  const raised: Raised[] = [];
  const outcomes: Outcome[] = [];
  const hidden: Span[] = [];
  const secrets: Span[] = [];
  for (const rule of rules) {
    const level = levelOf(rule, options.settings);
    if (level === undefined) {
      if (rule.marksSecrets) hidden.push(...secretsIn(asked(rule)));
      continue;
    }
    const answer = asked(rule);
    const target = rule.subject === 'target' ? subject.build.target : undefined;
    outcomes.push(outcomeOf(rule.id, target?.label ?? null, answer));
    if (answer.is !== 'violated') continue;
    for (const finding of answer.findings) {
      raised.push({ rule, level, finding, target });
      if (finding.secrets !== undefined) secrets.push(...finding.secrets);
    }
  }
  if (facts.wanted.length > 0) settledOf.set(subject, new Map(asked.settled));
  // what one rule calls a secret is none of another rule's fingerprint either
  secrets.push(...hidden);
  secrets.sort((a, b) => a[0] - b[0]);
  const fingerprint = fingerprints(subject, secrets);
  const diagnostics = raised.sort(byPlaceAndRule).map((each) => raise(each, subject, fingerprint));
  const { marked, used } = matchIgnores(rules, subject, diagnostics);
  marked.push(...unusedIgnores(rules, subject, used, outcomes, options.settings));
  marked.sort(byPlace);
  return {
    subject,
    diagnostics: marked,
    outcomes: used.size === 0 ? outcomes : outcomes.map((outcome) => ignoredOutcome(outcome, marked)),
    wanted: facts.wanted,
    ...(hidden.length > 0 && { secrets: hidden.map((span) => ({ file: subject.input.file, span })) }),
  };
}

function secretsIn(answer: Answer): readonly Span[] {
  return answer.is === 'violated' ? answer.findings.flatMap(({ secrets }) => secrets ?? []) : [];
}

/** Answers of a round that wanted facts, of rules that asked for none: whatever the facts, they stay what they are. */
const settledOf = new WeakMap<Subject, ReadonlyMap<Rule, Answer>>();

interface Asker {
  (rule: Rule): Answer;
  /** Answers that no fact went into. */
  readonly settled: readonly (readonly [Rule, Answer])[];
}

/** Asks rules about a subject: those that may have a say, and are not settled. */
function asker(subject: Subject, facts: Facts): Asker {
  const { build, context } = subject;
  const { target } = build;
  const earlier = settledOf.get(subject);
  const settled: (readonly [Rule, Answer])[] = [];
  let wanted = false;
  const noticing: Facts = {
    ask(kind, of) {
      wanted = true;
      return facts.ask(kind, of);
    },
  };
  const ofDockerfile = { build, facts: noticing, context };
  const ofTarget = target === undefined ? undefined : { ...ofDockerfile, target };
  const ask = (rule: Rule): Answer => {
    const known = earlier?.get(rule);
    if (known !== undefined) {
      settled.push([rule, known]);
      return known;
    }
    if (rule.about !== undefined && !concerns(rule.about, build)) return otherwise(rule.about);
    if (rule.subject === 'target' && ofTarget === undefined) return noStage;
    wanted = false;
    const answer = rule.subject === 'dockerfile' ? rule.check(ofDockerfile) : rule.check(ofTarget as TargetSubject);
    if (!wanted) settled.push([rule, answer]);
    return answer;
  };
  return Object.assign(ask, { settled });
}

const noStage: Answer = { is: 'not-applicable', because: 'the file has no stage' };

/** Whether a rule that is about this may have a say in a build. */
function concerns({ instructions, programs, written }: About, build: Build): boolean {
  const mentions = mentionsOf(build);
  return (
    instructions?.some((name) => mentions.instructions.has(name)) ||
    programs?.some((name) => mentions.programs.has(name)) ||
    written?.some((state) => mentions.written.has(state)) ||
    false
  );
}

/** One answer for all files that a rule has nothing to do with. */
const otherwise: (about: About) => Answer = oncePer((about) => ({ is: 'not-applicable', because: about.otherwise }));

function outcomeOf(rule: string, target: string | null, answer: Answer): Outcome {
  switch (answer.is) {
    case 'violated':
      return { rule, target, is: 'violated' };
    case 'held':
      return { rule, target, is: 'held', evidence: answer.evidence };
    case 'not-applicable':
      return { rule, target, is: 'not-applicable', because: answer.because };
    case 'unknown':
      return { rule, target, is: 'unknown', because: answer.because, wants: answer.wants ?? [] };
  }
}

/** Violated, but everything it found is ignored: the outcome says so and by which comment. */
function ignoredOutcome(outcome: Outcome, diagnostics: readonly Diagnostic[]): Outcome {
  if (outcome.is !== 'violated') return outcome;
  const own = diagnostics.filter((diagnostic) => diagnostic.rule === outcome.rule);
  const first = own[0]?.ignored;
  if (first === undefined || own.some((diagnostic) => diagnostic.ignored === undefined)) return outcome;
  const { rule, target } = outcome;
  return { rule, target, is: 'ignored', by: first.by, ...(first.reason !== undefined && { reason: first.reason }) };
}

/** The instruction whose lines hold an offset. */
export function instructionAt(instructions: readonly Instruction[], offset: number): Instruction | undefined {
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((instructions[middle] as Instruction).lines[0] <= offset) low = middle + 1;
    else high = middle;
  }
  const candidate = instructions[low - 1];
  return candidate !== undefined && offset <= candidate.lines[1] ? candidate : undefined;
}

const weight: Readonly<Record<Level, number>> = { error: 2, warning: 1, info: 0 };

interface Raised {
  readonly rule: Rule;
  readonly level: Level;
  readonly finding: Finding;
  readonly target: Stage | undefined;
}

function raise({ rule, level, finding, target }: Raised, subject: Subject, fingerprint: Fingerprints): Diagnostic {
  const { file } = subject.input;
  const at = (span: Span): Place => ({ file, span });
  const lower = finding.level !== undefined && weight[finding.level] < weight[level] ? finding.level : level;
  const instruction = finding.step?.instruction ?? instructionAt(subject.build.dockerfile.instructions, finding.at[0]);
  return {
    rule: rule.id,
    ...(finding.code !== undefined && { code: finding.code }),
    level: lower,
    at: at(finding.at),
    message: finding.message,
    targets: target === undefined ? [] : [target.label],
    ...(finding.help !== undefined && { help: finding.help }),
    ...(finding.related && { related: finding.related.map(({ at: span, label }) => ({ at: at(span), label })) }),
    ...(finding.secrets && { secrets: finding.secrets.map(at) }),
    fingerprint: fingerprint(rule, instruction),
    fix: fixOf(rule, finding, subject),
    ...(finding.suggestions && { suggestions: finding.suggestions.map((proposal) => changeOf(proposal, subject)) }),
  };
}

/** Names a diagnostic by its rule and the text of its instruction, whatever stands elsewhere in the file. */
type Fingerprints = (rule: Rule, instruction: Instruction | undefined) => string;

/**
 * Fingerprints never hold a secret: secret spans (sorted) are masked before hashing. Equal ones in one file get an ordinal, in
 * the order in which they come.
 */
function fingerprints({ input: { text, file } }: Subject, secrets: readonly Span[]): Fingerprints {
  const texts = new Map<Instruction | undefined, string>();
  const masked = masker(text, secrets);
  const number = ordinals();
  const textOf = (instruction: Instruction | undefined): string => {
    const known = texts.get(instruction);
    if (known !== undefined) return known;
    const made = hash(masked(instruction?.span ?? [0, 0]));
    texts.set(instruction, made);
    return made;
  };
  return (rule, instruction) => number(hash(`${rule.id}\n${file}\n${textOf(instruction)}`));
}

/** Gives a part of a text, with an asterisk for each secret in it. */
function masker(text: string, secrets: readonly Span[]): (part: Span) => string {
  let furthest = 0;
  const reach = secrets.map(([, high]) => {
    furthest = Math.max(furthest, high);
    return furthest;
  });
  return ([start, end]) => {
    let out = '';
    let from = start;
    for (let i = countWhere(reach, (high) => high <= start); i < secrets.length; i++) {
      const [low, high] = secrets[i] as Span;
      if (low >= end) break;
      if (high <= from) continue;
      out += `${text.slice(from, Math.max(from, low))}*`;
      from = high;
    }
    return out + text.slice(from, Math.max(from, end));
  };
}

function changeOf(proposal: Proposal, subject: Subject): Change {
  return {
    title: proposal.title,
    variant: proposal.variant,
    files: [
      ...(proposal.edits.length > 0 || proposal.others === undefined
        ? [{ file: subject.input.file, was: subject.was, edits: proposal.edits }]
        : []),
      ...(proposal.others ?? []),
    ],
    claims: proposal.claims,
    ...(proposal.drops && { drops: proposal.drops }),
  };
}

function fixOf(rule: Rule, finding: Finding, subject: Subject): Fix | { declined: string } {
  const { fix } = finding;
  if ('declined' in fix) return fix;
  return offer(rule.id, changeOf(fix, subject), subject, rule.reveals ?? false);
}

function byPlaceAndRule(a: Raised, b: Raised): number {
  return a.finding.at[0] - b.finding.at[0] || (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0);
}

function startOf(place: Place): number {
  return 'file' in place ? (place.span?.[0] ?? 0) : 0;
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return startOf(a.at) - startOf(b.at) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}
