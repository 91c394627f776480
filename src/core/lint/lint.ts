import type { Instruction } from '../language/syntax/index.ts';
import { hash } from '../language/text/index.ts';
import { oncePer, type Stage } from '../model/index.ts';
import type { Answer, Finding, Proposal, Rule } from '../rules/define.ts';
import { safeFixes } from '../rules/safety.gen.ts';
import type { Change, Diagnostic, FactKey, Fix, Level, Outcome, Place, Report, Span } from '../vocabulary/index.ts';
import { type Facts, recordFacts } from '../world/facts/index.ts';
import { matchIgnores, unusedIgnores } from './ignores.ts';
import { levelOf } from './levels.ts';
import type { Subject } from './subject.ts';
import type { CheckOptions } from './types.ts';

/** A linted file: the report, and for each diagnostic the rule and finding that it came from. */
export interface Linted extends Report {
  readonly subject: Subject;
}

/** Asks every rule once about a file, and applies its ignore comments. */
export function lint(rules: readonly Rule[], subject: Subject, options: CheckOptions = {}): Linted {
  const facts = recordFacts(options.facts ?? new Map());
  const asked = asker(subject, facts);
  const raised: Raised[] = [];
  const outcomes: Outcome[] = [];
  const hidden: Span[] = [];
  for (const rule of rules) {
    const level = levelOf(rule, options.settings);
    if (level === undefined) {
      if (rule.marksSecrets) hidden.push(...secretsIn(asked(rule).answer));
      continue;
    }
    const { answer, target } = asked(rule);
    if (answer.is === 'violated') for (const finding of answer.findings) raised.push({ rule, level, finding, target });
    outcomes.push({ rule: rule.id, target: target?.label ?? null, ...outcomeOf(answer) });
  }
  // what one rule calls a secret is none of another rule's fingerprint either
  const secrets = [...hidden, ...raised.flatMap(({ finding }) => finding.secrets ?? [])].sort((a, b) => a[0] - b[0]);
  const number = ordinals();
  const diagnostics = raised.sort(byPlaceAndRule).map((each) => raise(each, subject, secrets, number));
  const { marked, used } = matchIgnores(rules, subject, diagnostics);
  marked.push(...unusedIgnores(rules, subject, used, options.settings));
  marked.sort(byPlace);
  return {
    subject,
    diagnostics: marked,
    outcomes: outcomes.map((outcome) => ignoredOutcome(outcome, marked)),
    wanted: facts.wanted,
    ...(hidden.length > 0 && { secrets: hidden.map((span) => ({ file: subject.input.file, span })) }),
  };
}

function secretsIn(answer: Answer): readonly Span[] {
  return answer.is === 'violated' ? answer.findings.flatMap(({ secrets }) => secrets ?? []) : [];
}

interface Asked {
  readonly answer: Answer;
  readonly target: Stage | undefined;
}

/** Answers that asked for no fact: whatever the facts, they stay what they are. */
const settledOf: (subject: Subject) => Map<Rule, Asked> = oncePer(() => new Map());

/** Asks rules about a subject, each at most once as long as it asks for no fact. */
function asker(subject: Subject, facts: Facts): (rule: Rule) => Asked {
  const settled = settledOf(subject);
  let wanted = false;
  const noticing: Facts = {
    ask(kind, of) {
      wanted = true;
      return facts.ask(kind, of);
    },
  };
  return (rule) => {
    const earlier = settled.get(rule);
    if (earlier !== undefined) return earlier;
    wanted = false;
    const asked = ask(rule, subject, noticing);
    if (!wanted) settled.set(rule, asked);
    return asked;
  };
}

function ask(rule: Rule, subject: Subject, facts: Facts): Asked {
  const { build, context } = subject;
  if (rule.subject === 'dockerfile') return { answer: rule.check({ build, facts, context }), target: undefined };
  const { target } = build;
  if (target === undefined) return { answer: { is: 'not-applicable', because: 'the file has no stage' }, target };
  return { answer: rule.check({ build, target, facts, context }), target };
}

type OutcomeBody =
  | { is: 'held'; evidence: readonly { at: Place; says: string }[] }
  | { is: 'violated' }
  | { is: 'not-applicable'; because: string }
  | { is: 'unknown'; because: string; wants: readonly FactKey[] };

function outcomeOf(answer: Answer): OutcomeBody {
  if (answer.is === 'violated') return { is: 'violated' };
  if (answer.is === 'unknown') return { is: 'unknown', because: answer.because, wants: answer.wants ?? [] };
  return answer;
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

function raise(
  { rule, level, finding, target }: Raised,
  subject: Subject,
  secrets: readonly Span[],
  number: (fingerprint: string) => string,
): Diagnostic {
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
    fingerprint: number(fingerprintBase(rule, instruction, subject, secrets)),
    fix: fixOf(rule, finding, subject),
    ...(finding.suggestions && { suggestions: finding.suggestions.map((proposal) => changeOf(proposal, subject)) }),
  };
}

/** Fingerprints never hold a secret: secret spans (sorted) are masked before hashing. */
function fingerprintBase(
  rule: Rule,
  instruction: Instruction | undefined,
  subject: Subject,
  secrets: readonly Span[],
): string {
  const { text, file } = subject.input;
  const [start, end] = instruction?.span ?? [0, 0];
  let masked = '';
  let from = start;
  for (const [low, high] of secrets) {
    if (high <= from || low >= end) continue;
    masked += `${text.slice(from, Math.max(from, low))}*`;
    from = high;
  }
  masked += text.slice(from, Math.max(from, end));
  return hash(`${rule.id}\n${file}\n${masked}`);
}

/** Equal fingerprints in one file get an ordinal, in the order in which they come. */
function ordinals(): (fingerprint: string) => string {
  const seen = new Map<string, number>();
  return (fingerprint) => {
    const ordinal = seen.get(fingerprint) ?? 0;
    seen.set(fingerprint, ordinal + 1);
    return `${fingerprint}-${ordinal}`;
  };
}

function changeOf(proposal: Proposal, subject: Subject): Change {
  return {
    title: proposal.title,
    variant: proposal.variant,
    files: [{ file: subject.input.file, was: subject.was, edits: proposal.edits }],
    needs: proposal.needs ?? [],
    features: proposal.features ?? [],
    claims: proposal.claims,
    ...(proposal.drops && { drops: proposal.drops }),
  };
}

function fixOf(rule: Rule, finding: Finding, subject: Subject): Fix | { declined: string } {
  const { fix } = finding;
  if ('declined' in fix) return fix;
  const repairs = fix.claims.some((claim) => claim.kind === 'repairs');
  if (subject.input.utf8 === false) return { declined: 'the file is not valid UTF-8: it is checked, not changed' };
  if (subject.build.dockerfile.errors.length > 0 && !repairs)
    return { declined: 'the file does not parse: mend that first' };
  const safety = safeFixes.has(`${rule.id}/${fix.variant}`) ? 'safe' : 'unsafe';
  return { ...changeOf(fix, subject), safety, reveals: rule.reveals ?? false };
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
