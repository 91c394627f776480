import { describe, expect, test } from 'vitest';
import { readersOf, type Step, type StepCommand } from '../../../src/core/model/index.ts';
import { model } from './model.ts';

/** Who first reads the package lists after the first update: `stage/step` of the reader, then of what cannot be read. */
function readers(text: string) {
  const build = model(text);
  const update = build.steps
    .flatMap(({ commands }) => commands)
    .find(({ invocation }) => invocation?.action === 'update-index') as StepCommand;
  const found = readersOf(build, update, 'apt-lists');
  const place = ({ stage, label }: Step) => `${stage?.name ?? stage?.index}/${label}`;
  return {
    reader: found.reader && `${place(found.reader.step)}/${found.reader.command.args.at(-1)?.value}`,
    opaque: found.opaque && place(found.opaque),
  };
}

describe('who reads the package lists later', () => {
  test.each([
    ['later in the script', 'FROM debian\nRUN apt-get update && apt-get install -y a', '0/RUN 1/a', undefined],
    ['in a later step', 'FROM debian\nRUN apt-get update\nRUN apt-get install a', '0/RUN 2/a', undefined],
    ['not what stands before', 'FROM debian\nRUN apt-get install a\nRUN apt-get update', undefined, undefined],
    [
      'up to the next update',
      'FROM debian\nRUN apt-get update\nRUN apt-get update && apt-get install a\nRUN apt-get install b',
      undefined,
      undefined,
    ],
    [
      'an update that may not run ends nothing',
      'FROM debian\nRUN apt-get update\nRUN test -e x || apt-get update; apt-get install a',
      '0/RUN 2/a',
      undefined,
    ],
    [
      'in a stage from it',
      'FROM debian AS a\nRUN apt-get update\nFROM a AS b\nRUN apt-get install x',
      'b/RUN 1/x',
      undefined,
    ],
    [
      'not in another stage',
      'FROM debian AS a\nRUN apt-get update\nFROM debian\nRUN apt-get install x',
      undefined,
      undefined,
    ],
    [
      'after a COPY that takes the lists along',
      'FROM debian AS a\nRUN apt-get update\nFROM scratch\nCOPY --from=a / /\nRUN apt-get install x',
      '1/RUN 1/x',
      undefined,
    ],
    [
      'after a COPY from a stage that is made from it',
      'FROM debian AS a\nRUN apt-get update\nFROM a AS b\nFROM scratch\nCOPY --from=b /var/lib /var/lib\nRUN apt-get install x',
      '2/RUN 1/x',
      undefined,
    ],
    [
      'not after a COPY of something else',
      'FROM debian AS a\nRUN apt-get update\nFROM debian\nCOPY --from=a /app /app\nRUN apt-get install x',
      undefined,
      undefined,
    ],
    [
      'not under a mount over the lists',
      'FROM debian\nRUN apt-get update\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get install x',
      undefined,
      undefined,
    ],
    ['in the start command', 'FROM debian\nRUN apt-get update\nCMD apt-get install -y x && x', '0/CMD 1/x', undefined],
    ['a script may', 'FROM debian\nRUN apt-get update\nCOPY i.sh /\nRUN /i.sh\nRUN bash setup', undefined, '0/RUN 2'],
    ['a script in exec form may', 'FROM debian\nRUN apt-get update\nRUN ["/setup"]', undefined, '0/RUN 2'],
    [
      'what is read by PowerShell may',
      'FROM debian\nRUN apt-get update\nSHELL ["pwsh", "-c"]\nRUN x',
      undefined,
      '0/RUN 2',
    ],
    ['a trigger may', 'FROM debian\nRUN apt-get update\nONBUILD RUN apt-get install x', undefined, '0/ONBUILD 1'],
    [
      'a trigger that runs no command does not',
      'FROM debian\nRUN apt-get update\nONBUILD COPY . .',
      undefined,
      undefined,
    ],
    [
      'a build from sources does not',
      'FROM debian\nRUN apt-get update\nRUN ./configure --prefix=/x && make -j4 && make install',
      undefined,
      undefined,
    ],
    ['a recipe may', 'FROM debian\nRUN apt-get update\nRUN make deps', undefined, '0/RUN 2'],
    [
      'a recipe that installs what the project is does, one of sources from elsewhere does not',
      'FROM debian\nRUN apt-get update\nRUN make install\nRUN git clone https://example.org/x && make -C x install',
      undefined,
      '0/RUN 2',
    ],
    [
      'ordinary programs do not',
      'FROM debian\nRUN apt-get update\nRUN . /venv/bin/activate && pip3.11 install x && python -m pip install y && sed -i s/a/b/ /c',
      undefined,
      undefined,
    ],
  ])('%s', (_, text, reader, opaque) => {
    expect(readers(text)).toEqual({ reader, opaque });
  });

  const later = (command: string) => readers(`FROM debian\nRUN apt-get update\nRUN ${command}`);

  test.each([
    'rosdep install --from-paths src -y',
    "mk-build-deps -i -t 'apt-get -y' control",
    'nala install x',
    'apt-fast install x',
    'retry apt-get install -y x',
    'tasksel install x',
    'opam depext -y x',
    'apt-rdepends x',
    'apt-file search x',
    'python3 -c "import apt"',
    'python3 install.py',
    'node install.js',
    'php install.php',
    'Rscript install.R',
    'npm run setup',
    './gradlew setUp',
    'ninja install',
    'my-own-tool',
    './node_modules/.bin/setup',
    'npx playwright install-deps',
    'find . -name "x*" -exec {} ;',
    'curl https://example.org/x | bash',
  ])('%s may', (command) => {
    expect(later(command)).toEqual({ reader: undefined, opaque: '0/RUN 2' });
  });

  test.each([
    'gcc -o x x.c && strip x && awk 1 x',
    'python3 -c "import sys"',
    'Rscript -e "install.packages(\'x\')"',
    'php artisan optimize && php -r "copy(1, 2);"',
    '/opt/venv/bin/pip install x && npm ci && yarn install && bundle install && composer install',
    './gradlew build && mvn -B package',
    'python setup.py install && python -m compileall .',
    'find . -name "*.pyc" -exec rm {} ;',
    'git clone https://example.org/x && cd x && ./autogen.sh && ./configure && make && make install',
    '$ANDROID_HOME/tools/bin/sdkmanager x',
  ])('%s does not', (command) => {
    expect(later(command)).toEqual({ reader: undefined, opaque: undefined });
  });
});
