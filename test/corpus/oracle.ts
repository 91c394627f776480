/** The oracle as the corpus asks it. */
import type { Answers, Oracle } from '../oracle/client.ts';
import type { CorpusOracle } from './judge.ts';

const crash = (answers: Answers) => `BuildKit panicked: ${answers.panic ?? answers.error}`;

/** Questions of the corpus over a running oracle. A panic of BuildKit counts as its refusal. */
export function corpusOracle(oracle: Oracle): CorpusOracle {
  return {
    async syntax(bytes) {
      const { parse, instructions } = await oracle.judge(bytes, ['parse', 'instructions']);
      return parse === undefined || instructions === undefined ? undefined : { parse, instructions };
    },
    async instructions(text) {
      const answers = await oracle.judge(text, ['instructions']);
      return answers.instructions ?? { ok: false, error: crash(answers) };
    },
    async converts(text) {
      const answers = await oracle.judge(text, ['lint']);
      return answers.lint ?? { ok: false, error: crash(answers) };
    },
    async brokenStages(text) {
      const { build } = await oracle.judge(text, ['build']);
      return new Set((build?.stages ?? []).flatMap(({ ok, stage }) => (ok ? [] : [stage])));
    },
    compare: (before, after) =>
      oracle.compare(before, after).catch((error: Error) => ({ same: false, differs: [], error: error.message })),
  };
}
