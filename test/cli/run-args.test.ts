import { expect, test } from 'vitest';
import { runArgs } from '../../src/cli/run-args.ts';

const options = (...texts: string[]) => {
  const found = runArgs(texts);
  return 'usage' in found ? found.usage : found.options;
};

test.each<[string, readonly string[]]>([
  ['', []],
  ['--env A=b -e "C=d e" -eF=g', ['--env=A=b', '--env=C=d e', '--env=F=g']],
  ["--tmpfs=/run:size=1m  --tmpfs '/a b'", ['--tmpfs=/run:size=1m', '--tmpfs=/a b']],
  ['-v /data --volume /x', ['--volume=/data', '--volume=/x']],
  ['--mount type=tmpfs,dst=/x,tmpfs-size=1m', ['--mount=type=tmpfs,dst=/x,tmpfs-size=1m']],
  ['--mount type=volume,target=/x', ['--mount=type=volume,target=/x']],
  ['--read-only --init -u 1000:1000 -w /srv', ['--read-only', '--init', '--user=1000:1000', '--workdir=/srv']],
  ['--ulimit nofile=10:10 --hostname h', ['--ulimit=nofile=10:10', '--hostname=h']],
  ['-e A=\\$B -e "C=\\"d\\""', ['--env=A=$B', '--env=C="d"']],
])('%s', (text, expected) => expect(options(text)).toEqual(expected));

test.each([
  ['--privileged', 'gets no privileges'],
  ['--privileged=true', 'gets no privileges'],
  ['--cap-add ALL', 'gets no privileges'],
  ['--cap-add=ALL', 'gets no privileges'],
  ['--device /dev/sda', 'gets no privileges'],
  ['--device-cgroup-rule x', 'gets no privileges'],
  ['--security-opt seccomp=unconfined', 'gets no privileges'],
  ['--userns host', 'gets no privileges'],
  ['--net=host', 'no network'],
  ['--network container:x', 'no network'],
  ['-p 80:80', 'no network'],
  ['-P', 'no network'],
  ['--pid=host', 'shares nothing'],
  ['--ipc host', 'shares nothing'],
  ['--volumes-from x', 'shares nothing'],
  ['--memory 8g', 'see --memory'],
  ['-m8g', 'see --memory'],
  ['--entrypoint sh', 'what the image says'],
  ['--env-file x', '--env-file cannot be given'],
  ['-it', '-i cannot be given'],
  ['--label a=b', '--label cannot be given'],
  ['--constructor x', '--constructor cannot be given'],
  ['-v /:/host', '-v cannot be given so'],
  ['-v data:/data', '-v cannot be given so'],
  ['-v data', '-v cannot be given so'],
  ['-v=/:/host', '-v cannot be given so'],
  ['--volume=/etc:/etc:ro', '--volume cannot be given so'],
  ['--mount type=bind,src=/,dst=/host', '--mount cannot be given so'],
  ['--mount src=/,dst=/host', '--mount cannot be given so'],
  ['--mount type=volume,source=a,target=/x', '--mount cannot be given so'],
  ['--mount type=volume,target=/x,volume-opt=device=/', '--mount cannot be given so'],
  ['--mount type=volume,type=bind,target=/x', '--mount cannot be given so'],
  ['--mount target=/x', '--mount cannot be given so'],
  ['--env', '--env wants a value'],
  ['--read-only=false', 'takes no value'],
  ['sh -c true', 'options only'],
  ['-- sh', 'options only'],
  ['--ENV x', 'options only'],
  ["--env 'a", 'a quote that does not end'],
])('%s is refused', (text, says) => expect(options(text)).toContain(says));

test('values of variables are told apart, to be masked', () => {
  expect(runArgs(['-e A=s3cret -e B', '--env C=x'])).toMatchObject({ env: ['A=s3cret', 'B', 'C=x'] });
});
