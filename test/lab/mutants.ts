import { parse } from '../../src/core/language/syntax/index.ts';
import { buildModel, dependencyInstalls, type Stage } from '../../src/core/model/index.ts';

/** What a mutant is: a good Dockerfile with one thing wrong. */
export interface Mutant {
  readonly kind: MutantKind;
  /** `cache-1`: tells mutants of a kind apart. */
  readonly name: string;
  readonly text: string;
  /** One of these must be refuted, as `prove` says it of the after; beginnings are enough. */
  readonly refuted: readonly string[];
  /** What `prove` is given besides. */
  readonly options?: readonly string[];
}

export type MutantKind =
  | 'root'
  | 'shell'
  | 'larger'
  | 'cache'
  | 'health'
  | 'missing'
  | 'crash'
  | 'hang'
  | 'silent'
  | 'stop'
  | 'secret';

/** What the image starts with, where the Dockerfile leaves that to its base. */
export interface StartOfImage {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly port: number;
  readonly hasShell: boolean;
}

const broken = ['does not run as before', 'does not answer as before', 'does not become healthy'];

/** A program for what no image brings: built beside the Dockerfile's own stages. */
const faulty = `FROM golang:1.26-trixie AS mutant
WORKDIR /mutant
COPY <<'EOF' main.go
package main

import (
	"net"
	"os"
	"time"
)

func main() {
	switch os.Args[1] {
	case "crash":
		println("mutant: cannot go on")
		os.Exit(3)
	case "hang":
		listener, err := net.Listen("tcp", ":"+os.Args[2])
		if err != nil {
			panic(err)
		}
		for {
			if _, err := listener.Accept(); err != nil {
				panic(err)
			}
		}
	}
	time.Sleep(time.Hour)
}
EOF
RUN --mount=type=cache,target=/root/.cache/go-build CGO_ENABLED=0 go build -o /faulty main.go

`;

/** A shell with what it is linked with, for an image that has none. */
const shell = `FROM debian:trixie-slim AS mutant
RUN mkdir -p /shell/bin && cp /bin/sh /shell/bin/ \\
 && for file in $(ldd /bin/sh | grep -o '/[^ ]*'); do mkdir -p "/shell$(dirname "$file")" && cp "$file" "/shell$file"; done

`;

const bulk = `FROM debian:trixie-slim AS mutant
RUN head -c 4000000 /dev/urandom > /bulk

`;

/** A stage that writes a secret of the build into a file. */
const leaking = (write: string) => `FROM debian:trixie-slim AS mutant
RUN --mount=type=secret,id=mutant cat /run/secrets/mutant | ${write} > /leak && touch /empty

`;

const manifests =
  /(?:^|\/)(?:package(?:-lock)?\.json|pnpm-lock\.yaml|requirements[^/]*\.txt|go\.(?:mod|sum)|uv\.lock)$/;

/** One of each kind, for a run that has less time. */
export function firstOfEachKind(mutants: readonly Mutant[]): readonly Mutant[] {
  return mutants.filter(({ kind }, at) => mutants.findIndex((one) => one.kind === kind) === at);
}

/** Mutants of a Dockerfile, by what stands in it. */
export function mutantsOf(dockerfile: string, start: StartOfImage): readonly Mutant[] {
  const build = buildModel(parse(dockerfile), { file: 'Dockerfile' });
  const final = build.target;
  if (final === undefined) return [];
  const found: Mutant[] = [];
  const add = (kind: MutantKind, text: string, refuted: readonly string[], options: readonly string[] = []) => {
    if (text === dockerfile || found.some((one) => one.text === text)) return;
    const name = `${kind}-${found.filter((one) => one.kind === kind).length + 1}`;
    found.push({ kind, name, text, refuted, options });
  };
  const end = dockerfile.endsWith('\n') ? dockerfile : `${dockerfile}\n`;
  /** Instructions at the end of the last stage, and a stage that they need. */
  const with_ = (lines: string, stage = '') => {
    const at = final.from.instruction.span[0];
    return `${end.slice(0, at)}${stage}${end.slice(at)}${lines}\n`;
  };
  const without = (span: readonly [number, number]) => end.slice(0, span[0]) + end.slice(span[1]).replace(/^\n/, '');
  const exec = (words: readonly string[]) => JSON.stringify(words);
  const command = [...start.entrypoint, ...start.cmd];

  // Root.
  const users = final.steps.filter(({ instruction }) => instruction.name === 'USER');
  const root = ['runs as root'];
  const handsOver = users.length === 0 && isRoot(final) && start.entrypoint.length > 0 && start.cmd.length > 0;
  if (handsOver) {
    // It is the entrypoint that gives root up.
    add('root', with_(`ENTRYPOINT []\nCMD ${exec(start.cmd)}`), root);
    add('root', with_(`ENTRYPOINT ${exec(start.cmd)}\nCMD []`), root);
  } else {
    add('root', with_('USER 0:0'), root);
    add('root', with_('USER root'), root);
    const [user] = users;
    if (user !== undefined && users.length === 1 && isRoot(final)) add('root', without(user.instruction.span), root);
  }

  // A shell in the place of the program.
  const words = command.map(quoted).join(' ');
  const asShell = (lines: string) =>
    with_(`${start.hasShell ? '' : 'COPY --from=mutant /shell/ /\n'}${lines}`, start.hasShell ? '' : shell);
  const hasShell = ['has a shell as PID 1'];
  if (!handsOver) {
    add('shell', asShell(`ENTRYPOINT ${words}; exit $?\nCMD []`), hasShell);
    add('shell', asShell(`ENTRYPOINT []\nCMD cd . && ${words} || exit 1`), hasShell);
    add('shell', asShell(`ENTRYPOINT ${exec(['/bin/sh', '-c', `${words} | cat`])}\nCMD []`), hasShell);
  }
  if (handsOver) add('shell', with_(`CMD ${start.cmd.map(quoted).join(' ')}; exit $?`), hasShell);

  // Larger.
  const larger = ['is larger'];
  add('larger', with_('COPY --from=mutant /bulk /bulk', bulk), larger);
  const copies = final.steps.filter(({ instruction }) => instruction.name === 'COPY');
  const built = copies.filter(({ instruction }) => instruction.flags.some(({ name }) => name === 'from'));
  for (const { instruction } of built.slice(0, 1)) {
    const copied = end.slice(...instruction.span).trim();
    add('larger', with_(copied.replace(/\S+$/, '/opt/once-more/')), larger);
  }
  for (const option of [/ --omit=dev\b/, / --prod\b/, / --no-dev\b/, / -ldflags="-s -w"/])
    add('larger', end.replace(option, ''), larger);

  // The cache is defeated.
  const again = ['installs its dependencies again when a source file is edited'];
  for (const stage of build.needed) {
    for (const step of stage.steps) {
      if (step.instruction.name !== 'RUN' || dependencyInstalls(step).length === 0) continue;
      const [from] = step.instruction.span;
      add('cache', `${end.slice(0, from)}COPY . /tmp/everything\n${end.slice(from)}`, again);
      add(
        'cache',
        `${end.slice(0, from)}${end.slice(from).replace(/^RUN /i, 'RUN --mount=type=bind,target=/tmp/everything ')}`,
        again,
      );
    }
  }

  // A health check that asks in vain.
  const check = final.steps.findLast(({ instruction }) => instruction.name === 'HEALTHCHECK');
  if (check !== undefined) {
    const said = end.slice(...check.instruction.span);
    const dead = ['does not become healthy'];
    add('health', with_('HEALTHCHECK CMD ["/no-such-probe"]'), dead);
    add('health', with_(said.replace(/CMD[\s\S]*/, 'CMD ["/no-such-probe"]')), dead);
    add('health', end.replace(said, said.replace('/healthz', '/no-such-route')), dead);
    if (/:\d{4}\//.test(said)) add('health', end.replace(said, said.replace(/:\d{4}\//, ':9/')), dead);
  }

  // Something that it needs is not there.
  for (const { instruction } of built.slice(-2)) {
    const copied = end.slice(...instruction.span);
    if (
      copied
        .split(/\s+/)
        .slice(1, -1)
        .every((word) => word.startsWith('--') || manifests.test(word))
    )
      continue;
    add('missing', without(instruction.span), [...broken, 'does not build']);
  }

  // It does not work.
  const program = (...args: string[]) =>
    with_(`COPY --from=mutant /faulty /faulty\nENTRYPOINT ${exec(['/faulty', ...args])}\nCMD []`, faulty);
  const instead = (words: readonly string[]) => with_(`ENTRYPOINT ${exec(words)}\nCMD []`);
  const crash = start.hasShell ? instead(['sh', '-c', 'echo cannot go on >&2; exit 3']) : program('crash');
  add('crash', crash, ['does not run as before']);
  add('crash', instead(['/no-such-program']), ['does not run as before']);
  add('hang', program('hang', String(start.port)), broken);
  add('silent', start.hasShell ? instead(['sleep', 'infinity']) : program('sleep'), broken);
  add('stop', with_('STOPSIGNAL SIGCONT'), ['must be killed to stop']);

  // A secret of the build is left behind.
  const leaks = ['leaves a secret behind'];
  const given = ['--secret=id=mutant,env=MUTANT_SECRET'];
  const leak = (write: string, lines = 'COPY --from=mutant /leak /etc/leak') =>
    add('secret', with_(lines, leaking(write)), leaks, given);
  leak('cat');
  leak('(printf user: && cat) | base64');
  leak("od -An -tx1 | tr -d ' \\n'");
  // A later layer hides it; the one below still has it.
  leak('cat', 'COPY --from=mutant /leak /etc/leak\nCOPY --from=mutant /empty /etc/leak');
  if (start.hasShell) {
    const mount = '--mount=type=secret,id=mutant,mode=0444';
    const deleted = `RUN ${mount} cp /run/secrets/mutant /tmp/token\nRUN rm -f /tmp/token`;
    add('secret', with_(deleted), leaks, given);
    add('secret', with_(`ARG MUTANT_TOKEN\nRUN test "$MUTANT_TOKEN" != x`), leaks, [
      '--build-arg=MUTANT_TOKEN=none-given',
    ]);
  }
  add('secret', with_('ARG MUTANT_TOKEN\nENV ACCESS_TOKEN=$MUTANT_TOKEN'), leaks, [
    '--build-arg=MUTANT_TOKEN=none-given',
  ]);
  return found;
}

const quoted = (word: string) => (/^[\w./:=@,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** Whether the stage would run as root without a USER of its own. */
function isRoot({ image }: Stage): boolean {
  return 'value' in image.user && /^(?:root|0|)(?::|$)/.test(image.user.value);
}
