import { describe, expect, test } from 'vitest';
import { originsOf, seenPurpose } from '../../../src/core/model/index.ts';
import type { Fact } from '../../../src/core/vocabulary/index.ts';
import { keyText, recordFacts } from '../../../src/core/world/facts/index.ts';
import { lastStage, model } from './model.ts';

type Files = Readonly<Record<string, string>>;

function seen(text: string, files?: Files) {
  const asked: string[] = [];
  const facts = recordFacts({
    get(_, key): Fact | undefined {
      const { path } = key.of as { path: string };
      asked.push(path);
      return files && { value: { text: files[path] ?? null }, from: 'files', evidence: [] };
    },
  });
  return { ...seenPurpose({ build: model(text), facts, context: 'app' }), asked, facts };
}

const start = 'FROM debian:12\nCOPY start.sh /\nCMD ["/start.sh"]';

describe('what a script of the project starts', () => {
  test.each([
    ['a server in place of itself', '#!/bin/sh\nset -e\nmigrate\nexec gunicorn app:app\n', 'service'],
    ['a server at the end', 'cd /app\nnginx -g "daemon off;"\n', 'service'],
    ['behind another program', '#!/bin/bash\nexec gosu app tini -- redis-server\n', 'service'],
    ['in either branch', 'if [ "$A" ]; then exec flask run; else exec gunicorn a:a; fi\n', 'service'],
    [
      'in one branch, who knows what in the other',
      'if [ "$A" ]; then exec worker; else exec gunicorn a; fi\n',
      'unknown',
    ],
    ['in the background, and a wait', 'nginx &\nwait\n', 'service'],
    [
      'as a daemon, and a log that is followed',
      'service apache2 start\ntail -f /var/log/apache2/error.log\n',
      'service',
    ],
    ['a database for the tests that come after', 'service mysql start\n./run-tests\n', 'unknown'],
    ['a server that may be switched on', 'if [ "$SSH" ]; then service ssh start; fi\ntail -f /dev/null\n', 'unknown'],
    ['in a function that is called', 'main() {\n  exec nginx\n}\nmain "$@"\n', 'service'],
    ['only to know its version', 'echo $(nginx -v)\nexec worker\n', 'unknown'],
    ['in a comment', '# exec nginx\nexec worker\n', 'unknown'],
    ['a redirection of its own output', 'exec >/var/log/start.log 2>&1\nexec nginx\n', 'service'],
    ['an exit after it', 'nginx -g "daemon off;"\nexit $?\n', 'service'],
    ['another interpreter', '#!/usr/bin/perl\nexec nginx\n', 'unknown'],
    ['python by its first line', '#!/usr/bin/env python3\nfrom flask import Flask\napp.run()\n', 'service'],
    ['a task', '#!/bin/sh\nset -e\nmkdir -p /out\nexec pytest\n', 'job'],
    ['a task, after checks', 'if [ -z "$KEY" ]; then echo no key; exit 1; fi\ncurl -sS https://example.org\n', 'job'],
    ['a task again and again', 'while true; do\n  curl https://example.org\n  sleep 60\ndone\n', 'unknown'],
    ['a task after a program of the project', './serve-forever\necho stopped\n', 'unknown'],
    ['a task beside another', 'nginx &\ncurl localhost\n', 'unknown'],
    ['no shell that can be read', '#!/bin/sh\nif then fi (\n', 'unknown'],
    ['nothing', '', 'unknown'],
  ])('%s', (_, script, is) => {
    expect(seen(start, { 'start.sh': script }).purpose.is).toBe(is);
  });

  test('evidence stands in the Dockerfile, with the place in the script', () => {
    const { purpose } = seen(start, { 'start.sh': '#!/bin/sh\nexec gunicorn app:app\n' });
    expect(purpose.evidence).toEqual([
      { at: { file: 'Dockerfile', span: [31, 48] }, says: 'runs start.sh, which starts gunicorn (app/start.sh:2)' },
      { at: { file: 'app/start.sh', span: [10, 31] }, says: 'starts gunicorn' },
    ]);
  });

  test('a script that starts a script that starts the code', () => {
    const { purpose } = seen('FROM node:22\nWORKDIR /srv\nCOPY . .\nENTRYPOINT ["./bin/start.sh"]\nCMD ["x"]', {
      'bin/start.sh': 'exec bin/run.sh\n',
      'bin/run.sh': 'cd lib && exec node main.js\n',
      'lib/main.js': 'const app = make();\napp.listen(3000);\n',
    });
    expect(purpose.evidence[0]?.says).toBe(
      'runs start.sh, which runs run.sh, which runs main.js, which calls app.listen (app/lib/main.js:2)',
    );
  });

  test('a script that starts itself comes to an end', () => {
    expect(seen(start, { 'start.sh': 'exec /start.sh\n' }).purpose.is).toBe('unknown');
  });

  test('words that are given on for ever come to an end', () => {
    const again = 'sh -c "$@" "$@"';
    const text = `FROM debian:12\nCOPY e.sh /\nENTRYPOINT ["/e.sh"]\nCMD ${JSON.stringify([again, again])}`;
    expect(seen(text, { 'e.sh': again }).purpose.is).toBe('unknown');
  });

  test('any number of copies is followed in no time', () => {
    const stage = (name: string, below: string) =>
      `FROM debian:12 AS ${name}\n${`COPY --from=${below} /a /a\n`.repeat(300)}`;
    const stages = ['b', 'c', 'd', 'e', 'f'].map((name, i) => stage(name, 'abcde'[i] as string)).join('');
    const many = `${'COPY x/s.sh /a/\n'.repeat(300)}`;
    const found = seen(`FROM debian:12 AS a\n${many}${stages}CMD ["/a/s.sh"]`, {});
    expect(found.asked.length).toBeLessThanOrEqual(32);
    expect(found.purpose.is).toBe('unknown');
  });

  test.each([
    ['what it is given', 'ENTRYPOINT ["/e.sh"]\nCMD ["node", "/app.js"]', 'exec "$@"\n', 'service'],
    ['in shell form', 'ENTRYPOINT ["/e.sh"]\nCMD cd / && node app.js', 'set -e\nexec "$@"\n', 'service'],
    ['as arguments', 'ENTRYPOINT ["/e.sh"]\nCMD ["/app.js"]', 'exec node "$@"\n', 'service'],
    ['nothing', 'ENTRYPOINT ["/e.sh"]', 'exec "$@"\n', 'unknown'],
    ['a shell', 'ENTRYPOINT ["/e.sh"]\nCMD ["bash"]', 'exec "$@"\n', 'unknown'],
    ['something else', 'ENTRYPOINT ["/e.sh"]\nCMD ["node", "/app.js"]', 'exec worker\n', 'unknown'],
  ])('an entrypoint that runs %s', (_, instructions, script, is) => {
    const text = `FROM debian:12\nCOPY e.sh app.js /\n${instructions}`;
    expect(seen(text, { 'e.sh': script, 'app.js': 'server.listen(80)\n' }).purpose.is).toBe(is);
  });

  test('called as official images call theirs', () => {
    const text = 'FROM debian:12\nCOPY docker-entrypoint.sh /usr/local/bin/\nENTRYPOINT ["docker-entrypoint.sh"]';
    expect(model(text).purpose.is).toBe('unknown');
    expect(seen(text, { 'docker-entrypoint.sh': 'exec nginx\n' }).purpose.is).toBe('service');
  });

  test('made in the Dockerfile: no fact is asked for', () => {
    const made = seen('FROM debian:12\nCOPY <<\'EOF\' /start.sh\n#!/bin/sh\nexec nginx\nEOF\nCMD ["/start.sh"]');
    expect(made).toMatchObject({ purpose: { is: 'service' }, asked: [] });
    const expanded = seen('FROM debian:12\nCOPY <<EOF /start.sh\nexec $SERVER nginx\nEOF\nCMD ["/start.sh"]');
    expect(expanded).toMatchObject({ purpose: { is: 'unknown' }, asked: [] });
  });
});

describe('what the code of the project shows', () => {
  const run = (command: string, name: string, code: string) =>
    seen(`FROM debian:12\nWORKDIR /app\nCOPY . .\nCMD ${command}`, { [name]: code }).purpose.is;

  test.each([
    ['an express app', 'const app = express();\napp.listen(3000, () => {});\n', 'service'],
    ['a server of its own', "http.createServer((q, a) => a.end('x'))\n  .listen(80);\n", 'service'],
    ['in a main module', 'if (require.main === module) httpServer.listen(80)\n', 'service'],
    ['a queue', 'queue.listen("jobs");\nconsumer.listen(3);\n', 'unknown'],
    ['a comment', '// app.listen(3000)\n/*\napp.listen(1)\n*/\nwork(); // app.listen(2)\n', 'unknown'],
    ['nothing of it', 'require("./lib/main")\n', 'unknown'],
  ])('node: %s', (_, code, is) => {
    expect(run('["node", "index.js"]', 'index.js', code)).toBe(is);
    expect(run('node .', 'index.js', code)).toBe(is);
  });

  test.each([
    ['flask', 'from flask import Flask\napp = Flask(__name__)\nif __name__ == "__main__":\n    app.run()\n', 'service'],
    ['on one line', 'import flask\nif __name__ == "__main__": app.run()\n', 'service'],
    ['uvicorn', 'import uvicorn\nuvicorn.run("app:app")\n', 'service'],
    ['http.server', 'httpd = HTTPServer(("", 80), H)\nhttpd.serve_forever()\n', 'service'],
    ['an app of another kind', 'from absl import app\napp.run(main)\n', 'unknown'],
    ['a bot', 'import discord\nbot.run(token)\n', 'unknown'],
    ['a text', 'from flask import Flask\n"""\napp.run()\n"""\n# app.run()\n', 'unknown'],
  ])('python: %s', (_, code, is) => {
    expect(run('["python", "-u", "main.py"]', 'main.py', code)).toBe(is);
  });

  test('ruby: sinatra', () => {
    expect(run('ruby web.rb', 'web.rb', "require 'sinatra'\nget('/') { 'x' }\n")).toBe('service');
    expect(run('ruby web.rb', 'web.rb', "require 'sinatra/base'\n")).toBe('unknown');
  });
});

describe('facts', () => {
  test('none: it stays unknown, and says what would tell', () => {
    const { purpose, wants, facts } = seen(start);
    expect(purpose).toEqual({ is: 'unknown', evidence: [] });
    expect(wants).toEqual([{ kind: 'context-text', of: { context: 'app', path: 'start.sh' } }]);
    expect(facts.wanted.map(keyText)).toEqual(wants.map(keyText));
  });

  test.each([
    ['a purpose that the text tells', 'FROM debian:12\nCOPY . /\nEXPOSE 80\nCMD ["/start.sh"]'],
    ['a file that nobody copies', 'FROM debian:12\nCMD ["/start.sh"]'],
    ['a file that is copied elsewhere', 'FROM debian:12\nCOPY start.sh /opt/\nCMD ["/start.sh"]'],
    ['an entrypoint of the base image', 'FROM node:22\nCOPY . /\nCMD ["work"]'],
    ['a program that a RUN builds', 'FROM golang\nWORKDIR /a\nCOPY . .\nRUN go build -o app\nCMD ["./app"]'],
    ['a program of the system', 'FROM debian:12\nCOPY . /\nCMD ["java", "-jar", "/app.jar"]'],
    ['code on the command line', 'FROM node:22\nCOPY . /\nCMD ["node", "-e", "work()"]'],
    ['a variable', 'FROM debian:12\nCOPY . /\nCMD exec $SCRIPT'],
    ['an address', 'FROM debian:12\nADD https://example.org/start.sh /start.sh\nCMD ["/start.sh"]'],
    ['a file that a RUN made anew', `FROM debian:12\nCOPY start.sh /\nRUN echo nginx > /start.sh\nCMD ["/start.sh"]`],
  ])('nothing is asked about %s', (_, text) => {
    expect(seen(text)).toMatchObject({ asked: [], wants: [] });
  });
});

describe('where a file of the image comes from', () => {
  const from = (steps: string, path: string) => {
    const text = `FROM debian:12 AS a\nWORKDIR /app\n${steps}`;
    return [...originsOf(model(text), lastStage(text), path)].map((origin) =>
      origin.is === 'context' ? origin.path : origin.is,
    );
  };

  test.each([
    ['the file itself', 'COPY x/start.sh /start.sh', '/start.sh', ['x/start.sh']],
    ['into a directory', 'COPY a.sh b.sh /bin/', '/bin/b.sh', ['b.sh', 'a.sh/b.sh', 'b.sh/b.sh']],
    ['the working directory', 'COPY start.sh .', '/app/start.sh', ['start.sh', 'start.sh/start.sh']],
    ['all of the context', 'COPY . .', '/app/bin/start.sh', ['bin/start.sh']],
    ['a directory', 'ADD docker /', '/bin/start.sh', ['docker/bin/start.sh']],
    ['a pattern', 'COPY docker/*.sh /bin/', '/bin/start.sh', ['docker/start.sh']],
    ['a pattern that does not take it', 'COPY docker/*.py /bin/', '/bin/start.sh', []],
    ['a variable', 'ENV D=/opt\nCOPY start.sh $D/start.sh', '/opt/start.sh', ['start.sh']],
    ['an unknown variable', 'ARG D\nCOPY start.sh $D/start.sh', '/opt/start.sh', []],
    ['JSON', 'COPY ["start.sh", "/start.sh"]', '/start.sh', ['start.sh']],
    ['the last copy first', 'COPY a/s.sh /s.sh\nCOPY b/s.sh /s.sh', '/s.sh', ['b/s.sh', 'a/s.sh']],
    ['a stage below', 'COPY s.sh /s.sh\nFROM a', '/s.sh', ['s.sh']],
    ['another stage', 'COPY . .\nFROM debian:12\nCOPY --from=a /app/bin /bin', '/bin/s.sh', ['bin/s.sh']],
    [
      'another stage, in JSON form',
      'COPY . .\nFROM debian:12\nCOPY --from=a ["/app/bin", "/bin"]',
      '/bin/s.sh',
      ['bin/s.sh'],
    ],
    ['JSON form with a variable', 'ENV D=bin\nCOPY ["$D", "/opt/$D"]', '/opt/bin/s.sh', ['bin/s.sh']],
    ['an image', 'COPY --from=busybox /s.sh /s.sh', '/s.sh', []],
    ['moved', 'COPY s.sh /tmp/s.sh\nRUN mv /tmp/s.sh /bin/', '/bin/s.sh', ['s.sh']],
    ['moved to another name', 'COPY s.sh /tmp/s.sh\nRUN mv /tmp/s.sh /start', '/start', ['s.sh']],
    ['linked elsewhere', 'COPY s.sh /bin/s.sh\nRUN ln -s /bin/s.sh / && chmod +x /bin/s.sh', '/bin/s.sh', ['s.sh']],
    ['found among more', 'COPY docker/s.sh /\nCOPY . /', '/s.sh', ['s.sh', 'docker/s.sh', 'docker/s.sh/s.sh']],
    ['fetched', 'COPY s.sh /s.sh\nRUN curl -o /s.sh https://example.org/s.sh', '/s.sh', []],
  ])('%s', (_, steps, path, origins) => {
    expect(from(steps, path)).toEqual(origins);
  });
});
