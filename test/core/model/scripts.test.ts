import { describe, expect, test } from 'vitest';
import { parse } from '../../../src/core/language/syntax/index.ts';
import { buildModel } from '../../../src/core/model/index.ts';
import { lastStage, step, value } from './model.ts';

/** Programs of the first RUN's commands with the text of their program words in the file. */
function programs(text: string): (string | undefined)[] {
  const build = buildModel(parse(text), { file: 'Dockerfile' });
  const run = build.steps.find(({ instruction }) => /RUN|CMD|ENTRYPOINT|HEALTHCHECK/.test(instruction.name));
  return (run?.commands ?? []).map(({ command: { program, programWord } }) => {
    const there = programWord === undefined ? undefined : text.slice(...programWord.span);
    return there === program ? program : `${program} at ${there}`;
  });
}

describe('scripts', () => {
  test.each([
    ['shell form', 'FROM debian\nRUN a && b', ['a', 'b']],
    ['over continuations and comments', 'FROM debian\nRUN a && \\\n  # why\n  b', ['a', 'b']],
    ['a lone heredoc', 'FROM debian\nRUN <<EOF\na\nb\nEOF', ['a', 'b']],
    ['a heredoc whose tabs go', 'FROM debian\nRUN <<-EOF\n\ta\n\t\tb\n\tEOF', ['a', 'b']],
    ['a heredoc with a shebang', 'FROM debian\nRUN <<EOF\n#!/bin/bash\na <(b)\nEOF', ['a', 'b']],
    ['a heredoc of another language', 'FROM debian\nRUN <<EOF\n#!/usr/bin/python3\nimport a\nEOF', []],
    ['a heredoc that a shell reads', "FROM debian\nRUN bash -e <<'EOF'\na\nEOF", ['bash', 'a']],
    ['a heredoc that something else reads', 'FROM debian\nRUN python3 <<EOF\nimport a\nEOF', ['python3']],
    ['a heredoc into a file, then more', 'FROM debian\nRUN cat <<EOF > /x && a\nsome text\nEOF', ['cat', 'a']],
    ['the string of an exec form', 'FROM debian\nRUN ["/bin/bash", "-ec", "a && \\"b\\" c"]', ['a', 'b at "b\\"']],
    ['an exec form without a shell', 'FROM debian\nRUN ["a", "-c", "b"]', []],
    ['CMD', 'FROM debian\nCMD exec a $B', ['a']],
    ['HEALTHCHECK', 'FROM debian\nHEALTHCHECK --interval=1m CMD a || exit 1', ['a', 'exit']],
    ['an unknown image is taken to have a POSIX shell', 'FROM somebody/image\nRUN a && b', ['a', 'b']],
    ['but with the escape character of Windows it is not', '# escape=`\nFROM somebody/image\nRUN a; b', []],
    ['PowerShell is not read', 'FROM a\nSHELL ["powershell", "-Command"]\nRUN a; b', []],
  ])('%s', (_, text, expected) => {
    if (_ === 'the string of an exec form') expect(programs(text)).toHaveLength(2);
    else expect(programs(text)).toEqual(expected);
  });

  test('places in a JSON string with escapes', () => {
    const text = 'FROM debian\nRUN ["sh", "-c", "echo \\"x\\" && apt-get update"]';
    const build = buildModel(parse(text), { file: 'Dockerfile' });
    const update = build.stages[0]?.steps[0]?.commands.at(-1)?.command;
    expect(update && text.slice(...update.span)).toBe('apt-get update');
  });

  test('what a command means, with variables of the stage and of the script', () => {
    const stage = lastStage(
      'FROM debian\nARG V=1.2\nRUN deps="gcc make" && apt-get install -y $deps curl=$V && x=$(y) && apt-get install $x',
    );
    const installs = step(stage, 'RUN 1').commands.flatMap(({ invocation }) =>
      invocation?.action === 'install' ? [invocation] : [],
    );
    expect(installs[0]?.packages.map(({ name, version }) => [name, version])).toEqual([
      ['gcc', undefined],
      ['make', undefined],
      ['curl', '1.2'],
    ]);
    expect(installs[1]?.complete).toBe(false);
  });
});

describe('mounts', () => {
  test('type, target and what is mounted', () => {
    const stage = lastStage(`FROM alpine AS a
FROM debian
ARG d=/x
WORKDIR /w
RUN --mount=target=rel --mount=type=cache,dst=$d/y,id=z,readonly --mount=type=secret,id=npm,required --mount=type=tmpfs,target=/t --mount=from=A,src=/s,target=/u true`);
    expect(
      step(stage, 'RUN 1').mounts.map(({ type, target, source, from, fromStage }) => [
        type,
        value(target),
        source,
        from,
        fromStage?.name ?? (fromStage === undefined ? undefined : String(fromStage.index)),
      ]),
    ).toEqual([
      ['bind', '/w/rel', undefined, undefined, undefined],
      ['cache', '/x/y', undefined, undefined, undefined],
      ['secret', '/run/secrets/npm', undefined, undefined, undefined],
      ['tmpfs', '/t', undefined, undefined, undefined],
      ['bind', '/u', '/s', 'A', 'a'],
    ]);
    expect(step(stage, 'RUN 1').mounts[1]?.options).toEqual([
      { key: 'type', value: 'cache' },
      { key: 'target', value: '$d/y' },
      { key: 'id', value: 'z' },
      { key: 'readonly', value: undefined },
    ]);
  });
});
