import type { Dice } from '../corpus/dice.ts';

/** Values that are right in some places and wrong in most, variables among them; `V` is set to 8, `E` to nothing, `U` is not set, `B` bare. */
const VALUES =
  '0 1 8 08 -1 +1 80 65535 65536 0755 0888 07777 10000 4294967296 true FALSE t yes 64m 1.5GiB 1gb 1e3k m 10 $V ${V} $E $U $B ${B:-8} x a/b / . .. /c //'.split(
    ' ',
  );
const TYPES = ['bind', 'cache', 'tmpfs', 'secret', 'ssh', 'Cache', 'volume', '$T', '$U', '$B', '${B:-cache}'];
const KEYS =
  'source src target dst destination readonly ro readwrite rw id sharing required size mode uid gid env tagret Target'.split(
    ' ',
  );
const SHARINGS = ['shared', 'private', 'locked', 'Locked', 'open', '$U'];
const STAGES = [
  'a',
  'B',
  'c',
  'd',
  'self',
  '0',
  '1',
  '2',
  '3',
  '7',
  '-1',
  '+0',
  '01',
  'scratch',
  'Scratch',
  'busybox:1.37',
  'Busy',
  'a$V',
  '$U',
  'x@y',
  '/a',
];
const PORTS =
  '80 80/tcp 80/UDP 80/http 80/ /tcp 0 65535 65536 -1 8000-8010 8010-8000 8000-8000 8000- -80 80,443 80:80 8080: :80 8000-8001:80 80:8000-8001 8000-8001:90-91 127.0.0.1:80:80 [::1]:80:80 ::1:80:80 1.2.3:80:80 [::1:80:80 http $V $E $U $U/tcp $B/tcp ${B:-80} $V-$V "80" 80" +80'.split(
    ' ',
  );
const SIGNALS =
  'SIGTERM term sigQuit 9 0 -3 +2 SIG SIGRTMIN SIGRTMIN+3 RTMAX-14 RTMAX-15 SIGRTMIN+0 SIGFOO SIGSIGTERM $V $U $E $B ${B:-TERM} "SIGINT" TERM;'.split(
    ' ',
  );
const PLATFORMS =
  'linux/amd64 linux arm64 aarch64 windows/amd64 linux/arm/v7 linux/arm/v7/x raspberry linux/ /amd64 Linux/AMD64 linux/*, windows(10.0.1)/amd64 linux(1 $TARGETPLATFORM $BUILDPLATFORM linux/$TARGETARCH $G $GU $GB ${GB:-linux} i386 armhf macos wasip1/wasm x86_64'.split(
    ' ',
  );
const IMAGES =
  'debian:12 scratch busybox debian: Debian a b B A: debian:$G $GU debian:$GB ${GB:-debian} {{base}} debian@x localhost:5000/x x:y:z "debian" debian" ${G^} a/b/c:$G-x -a a_ a__b a...b'.split(
    ' ',
  );
const MODES = '755 0755 0888 07777 10000 u+x a=rX,go-w u+z u, ,u +x g=u rwx $V $U $B 7 8 u+x- = "755"'.split(' ');
const OWNERS =
  '1000 1000:1000 root root:root node node:node 0:node :node node: 1000: $V $U $B $N "node" 2147483648 -1'.split(' ');
const HEX = 'a'.repeat(64);
const CHECKSUMS = [`sha256:${HEX}`, `sha256:${HEX}a`, 'sha256:x', `md5:${HEX}`, HEX, '$U', '$B', '$V', `SHA256:${HEX}`];
const SOURCES =
  'app ./app https://example.com/a http://example.com/a.git https://example.com/a.git#main ssh://h/a git://h/a git@h:a/b github.com/a/b ftp://h/a HTTPS://example.com/a HTTPS://example.com/a.git $S/a $U/a $B/a ../git@h:a a@b'.split(
    ' ',
  );
const WORDS = [
  '/a',
  '$V',
  '${V',
  '"a',
  "it's",
  'a"',
  '${V^^}',
  '${V:1:2}',
  '${V%x}',
  '\\"',
  '${V:-"a}',
  '$',
  '${}',
  '${B:-$U}',
];
const CHECKS =
  'skip=all skip=A,B error=true error=yes error=0 experimental=all skip=all;error=false skip=all; ;skip=all a=b skip =all x skip=A;error=true;x=y;z skip='.split(
    ' ',
  );

/** One instruction after FROM. */
function instruction(dice: Dice): string {
  const one = (list: readonly string[]) => dice.one(list);
  const option = () => {
    const kind = dice.below(100);
    if (kind < 25) return `type=${one(TYPES)}`;
    if (kind < 35) return `sharing=${one(SHARINGS)}`;
    if (kind < 45) return `from=${one(STAGES.filter((name) => !name.includes('$')))}`;
    const key = one(KEYS);
    return dice.chance(0.2) ? key : `${key}=${one(VALUES)}`;
  };
  const maybe = (flag: string, list: readonly string[], chance = 0.4) =>
    dice.chance(chance) ? ` --${flag}=${one(list)}` : '';
  switch (dice.below(10)) {
    case 0:
    case 1:
      return `RUN --mount=${dice.list(1, 4, option).join(',')} true`;
    case 2:
      return `EXPOSE ${dice.some(PORTS, 1, 2, ' ')}`;
    case 3:
      return `STOPSIGNAL ${one(SIGNALS)}`;
    case 4:
      return `COPY${maybe('from', STAGES, 0.8)} /x /y`;
    case 5:
      return `COPY${dice.chance(0.5) ? ' --link' : ''}${maybe('chown', OWNERS)}${maybe('chmod', MODES)} ${dice.some(SOURCES, 1, 2, ' ')} /y`;
    case 6:
      return `ADD${maybe('checksum', CHECKSUMS, 0.6)}${maybe('chown', OWNERS, 0.2)}${maybe('link', ['true', 'false', 'TRUE'], 0.2)} ${dice.some(SOURCES, 1, 2, ' ')} /y`;
    case 7:
      return `VOLUME ${dice.chance(0.5) ? dice.some(VALUES, 1, 2, ' ') : JSON.stringify([one(VALUES), one(VALUES)])}`;
    case 8:
      return `${one(['ENV K=', 'LABEL k=', 'WORKDIR ', 'USER ', 'ARG Q=', 'EXPOSE ', 'VOLUME '])}${one(WORDS)}`;
    default:
      return one(['WORKDIR /w', 'WORKDIR $U', 'ENV V=9', 'ARG B', 'RUN true', 'ENV U=80']);
  }
}

/** A Dockerfile of up to four stages, with something in it that BuildKit may refuse when it converts it. */
export function generatedFile(dice: Dice): string {
  const lines: string[] = [];
  if (dice.chance(0.05)) lines.push(`# check=${dice.one(CHECKS)}`);
  lines.push('ARG G=12', 'ARG GB');
  const names = ['a', 'b', 'self', 'c'];
  const stages = 1 + dice.below(3);
  // One thing at a time: what is found after BuildKit's first error is not compared.
  let left = 1 + dice.below(2);
  for (let i = 0; i < stages; i++) {
    const odd = dice.chance(0.1);
    const platform = dice.chance(0.08) ? `--platform=${dice.one(PLATFORMS)} ` : '';
    const image = odd ? dice.one(IMAGES) : i > 0 && dice.chance(0.2) ? (names[i - 1] as string) : 'debian:12';
    lines.push(`FROM ${platform}${image} AS ${names[i]}`);
    lines.push('ENV V=8 E= T=cache N=node S=https://example.com', 'ARG B');
    for (; left > 0 && (i === stages - 1 || dice.chance(0.4)); left--) {
      const made = instruction(dice);
      lines.push(dice.chance(0.05) ? `ONBUILD ${made}` : made);
    }
  }
  return `${lines.join('\n')}\n`;
}
