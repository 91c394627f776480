import { describe, expect, test } from 'vitest';
import { privilegeDrop, startOf, startProgram } from '../../../src/core/model/index.ts';
import { lastStage, model, value } from './model.ts';

describe('purpose', () => {
  test.each([
    ['a server starts', 'FROM debian\nCMD ["nginx", "-g", "daemon off;"]', 'service'],
    ['a port is exposed', 'FROM node:22\nEXPOSE 3000\nCMD ["node", "server.js"]', 'service'],
    ['a port is exposed below', 'FROM node:22 AS a\nEXPOSE 3000\nFROM a\nCMD ["node", "x.js"]', 'service'],
    [
      'behind an init',
      'FROM debian\nENTRYPOINT ["/sbin/tini", "-g", "--", "gosu", "app", "/usr/bin/redis-server"]',
      'service',
    ],
    [
      'behind an entrypoint script',
      'FROM debian\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["gunicorn", "app:app"]',
      'service',
    ],
    ['in shell form', 'FROM debian\nCMD cd /app && exec uvicorn app:app --port $PORT', 'service'],
    ['by its arguments', 'FROM python:3.12\nCMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]', 'service'],
    ["the base image's server", 'FROM nginx:1.27\nCOPY dist /usr/share/nginx/html', 'service'],
    ['a health check', 'FROM debian\nHEALTHCHECK CMD /probe\nCMD ["/app"]', 'service'],
    ['it has no health check on purpose', 'FROM debian\nHEALTHCHECK NONE\nCMD ["/app"]', 'unknown'],
    ['triggers', 'FROM node:22\nONBUILD COPY . .\nCMD ["node", "x.js"]', 'base'],
    ["an expert's image of a language", 'FROM debian:12\nENV NODE_VERSION=22\nRUN make\nCMD ["node"]', 'base'],
    ['a shell', 'FROM ubuntu:24.04\nRUN true\nCMD ["/bin/bash"]', 'base'],
    ["the base image's shell", 'FROM alpine:3.20\nRUN true', 'base'],
    ['nothing starts', 'FROM scratch\nCOPY a /', 'base'],
    ['help', 'FROM alpine\nENTRYPOINT ["/tool"]\nCMD ["--help"]', 'job'],
    ['tests', 'FROM python:3.12\nCMD ["pytest", "-q"]', 'job'],
    ['a shell in shell form', 'FROM ubuntu\nRUN true\nCMD /bin/bash', 'base'],
    ['a quoted shell', 'FROM openjdk:8\nENTRYPOINT "/bin/bash"', 'base'],
    ['a login shell', 'FROM ubuntu:14.04\nCMD ["/bin/bash", "--login"]', 'base'],
    ['a shell on a base whose entrypoint may have changed', 'FROM node:8.9.4\nCMD bash', 'base'],
    ['a shell behind a script that may start anything', 'FROM debian\nENTRYPOINT ["/e.sh"]\nCMD ["bash"]', 'unknown'],
    ['a shell after something else', 'FROM debian\nCMD /app & bash', 'unknown'],
    ['nothing on an image of a system without a release', 'FROM centos\nRUN yum -y install gcc', 'base'],
    ['nothing on an image of a language', 'FROM elixir:1.8\nRUN mix local.hex --force', 'base'],
    ['nothing on the image of a web server', 'FROM jenkins/jenkins:lts\nCOPY a /a', 'service'],
    ['nothing on the image of a database', 'FROM elasticsearch:1.7\nCOPY a /a', 'service'],
    ['nothing on the image of a tool', 'FROM composer:2\nCOPY a /a', 'job'],
    ['nothing on an image with triggers', 'FROM node:8-onbuild', 'service'],
    ['nothing on an image that starts an init', 'FROM ubuntu-upstart:14.04\nCOPY a /a', 'unknown'],
    ['an unread script on a web server', 'FROM nginx:1.27\nCMD ["/start.sh"]', 'service'],
    ['an unread script on a web server, by its shell', 'FROM php:8-apache\nCMD ["bash", "init.sh"]', 'service'],
    ['an unread script on a database may make its backup', 'FROM postgres:16\nCMD ["/backup.sh"]', 'unknown'],
    ['another program on a web server', 'FROM nginx:1.27\nCMD ["/bin/migrate"]', 'unknown'],
    ['a task on a web server', 'FROM nginx:1.27\nCMD openssl version', 'job'],
    ['a task in shell form', 'FROM ubuntu\nCMD cd /doc && make html', 'job'],
    ['packages', 'FROM python\nCMD ["pip", "install", "celery==3.1.19"]', 'job'],
    ['a build script', 'FROM node:22\nCMD yarn build', 'job'],
    ['help after an entrypoint', 'FROM python:3\nENTRYPOINT ["python3", "/a.py"]\nCMD ["-h"]', 'job'],
    ['-h before a host', 'FROM debian\nCMD ["/app", "-h", "db"]', 'unknown'],
    ['-v of a program that talks more then', 'FROM ubuntu\nENTRYPOINT ["gmediarender", "-v"]', 'unknown'],
    ['the version of an interpreter', 'FROM ubuntu\nCMD ["php", "-v"]', 'job'],
    ['a tool that runs the program of the project', 'FROM golang:1.8\nENTRYPOINT ["go", "run", "main.go"]', 'unknown'],
    ['a tool that goes on', 'FROM node\nCMD ["tsc", "--watch"]', 'unknown'],
    ['a task runner with a task of its own', 'FROM node\nCMD ["gulp"]', 'unknown'],
    ['a server of a build tool', 'FROM maven:3\nCMD ["mvn", "spring-boot:run"]', 'service'],
    ['Phoenix', 'FROM elixir:1.18\nCMD ["mix", "phx.server"]', 'service'],
    ['systemd', 'FROM centos:7\nCMD ["/usr/sbin/init"]', 'unknown'],
    ['jobs by the clock', 'FROM alpine\nCMD ["crond", "-f"]', 'job'],
    ['jobs by the clock beside something else', 'FROM alpine\nCMD /app & crond -f', 'unknown'],
    ['nothing but waiting', 'FROM alpine\nCMD tail -f /dev/null', 'job'],
    ['waiting for what was started', 'FROM debian\nCMD service mysql start && tail -f /dev/null', 'service'],
    ['waiting for what nobody knows', 'FROM debian\nCMD service foo start && tail -f /dev/null', 'unknown'],
    ['a server by the name of its script', 'FROM python:3\nCMD python server.py', 'service'],
    ['a server by its own name', 'FROM alpine\nENTRYPOINT ["/usr/bin/node_exporter"]', 'service'],
    ['a client of a server', 'FROM alpine\nCMD ["/app/client.py", "--server", "a.example"]', 'unknown'],
    ['where to listen', 'FROM alpine\nCMD ["/bin/fleeger", "--address", "0.0.0.0:33514"]', 'service'],
    ['a port of a Spring application', 'FROM openjdk:8\nCMD java -jar a.jar --server.port=80', 'service'],
    ['a Java program of which nothing is told', 'FROM openjdk:8\nCMD java -jar app.jar', 'unknown'],
    ['PHP by version', 'FROM debian\nCMD ["php-fpm7.0", "-F"]', 'service'],
    ['what nobody knows', 'FROM debian\nCMD ["/app"]', 'unknown'],
    ['what an unknown image starts', 'FROM somebody/image\nCOPY a /', 'unknown'],
  ])('%s', (_, text, expected) => {
    expect(model(text).purpose.is).toBe(expected);
  });

  test('evidence shows what was seen and where', () => {
    const text = 'FROM debian\nEXPOSE 80\nCMD exec httpd -D FOREGROUND';
    const { evidence } = model(text).purpose;
    const seen = evidence.map(({ at, says }) => [says, 'span' in at && at.span ? text.slice(...at.span) : undefined]);
    expect(seen).toEqual([
      ['starts httpd', 'exec httpd -D FOREGROUND'],
      ['exposes a port', 'EXPOSE 80'],
    ]);
  });
});

describe('what starts', () => {
  const argv = (text: string) => value(startOf(lastStage(text), 'Dockerfile').argv);

  test.each([
    ['FROM scratch\nENTRYPOINT ["a"]\nCMD ["b", "c"]', ['a', 'b', 'c']],
    ['FROM scratch\nENTRYPOINT a $b\nCMD ["c"]', ['/bin/sh', '-c', 'a $b']],
    ['FROM debian\nCMD a && b', ['/bin/sh', '-c', 'a && b']],
    ['FROM debian\nSHELL ["/bin/bash", "-ec"]\nENTRYPOINT a', ['/bin/bash', '-ec', 'a']],
    ['FROM node:22', ['docker-entrypoint.sh', 'node']],
    ['FROM node:22\nCMD ["x.js"]', ['docker-entrypoint.sh', 'x.js']],
    ['FROM node:22\nENTRYPOINT ["a"]', ['a']],
    ['FROM somebody/image\nCMD ["a"]', '?'],
    ['FROM somebody/image\nENTRYPOINT ["a"]\nCMD ["b"]', ['a', 'b']],
  ])('%j', (text, expected) => {
    expect(argv(text)).toEqual(expected);
  });

  test('behind starters', () => {
    expect(startProgram(['tini', '--', 'su-exec', 'app:app', 'node', 'x'])).toEqual(['node', 'x']);
    expect(startProgram(['env', 'A=1', 'bundle', 'exec', 'puma', '-p', '80'])).toEqual(['puma', '-p', '80']);
    expect(startProgram(['poetry', 'run', 'gunicorn'])).toEqual(['gunicorn']);
    expect(startProgram(['tini', '--'])).toEqual([]);
    expect(startProgram(['nice', '-n', '10', 'sudo', '-u', 'app', 'node', 'x'])).toEqual(['node', 'x']);
    expect(startProgram(['timeout', '-k', '5', '60', '/usr/bin/env', '-u', 'A', 'B=c', 'job'])).toEqual(['job']);
    expect(startProgram(['busybox', 'httpd', '-f'])).toEqual(['httpd', '-f']);
  });
});

describe('giving root up', () => {
  const seen = (text: string) => {
    const build = model(text);
    return build.target === undefined ? [] : privilegeDrop(build, build.target).map(({ says }) => says);
  };

  test.each([
    ['FROM redis:7', 'entrypoint gives root up'],
    ['FROM debian\nENTRYPOINT ["tini", "--", "gosu", "app", "/app"]', 'start command changes'],
    ['FROM debian\nCMD exec su-exec app /app', 'start command changes'],
    ['FROM alpine\nRUN apk add --no-cache su-exec tini\nENTRYPOINT ["/entrypoint.sh"]', 'installs gosu'],
    [
      'FROM debian\nRUN curl -o /bin/gosu https://github.com/tianon/gosu/releases/download/1.17/gosu-amd64',
      'installs gosu',
    ],
    ['FROM debian\nCOPY --from=tianon/gosu:1.17 /gosu /usr/local/bin/', 'copies gosu'],
    ['FROM debian\nCOPY ["gosu-amd64", "/usr/local/bin/gosu"]', 'copies gosu'],
    ['FROM debian\nENV TOOL=gosu\nCOPY bin/$TOOL /usr/local/bin/', 'copies gosu'],
    ['FROM debian\nCOPY <<EOF /entrypoint.sh\nexec setpriv --reuid=1 "$@"\nEOF', 'writes a script'],
  ])('%j', (text, expected) => {
    expect(seen(text).join()).toContain(expected);
  });

  test.each([
    'FROM debian\nCMD ["/app"]',
    // Its own entrypoint takes the place of the one that would.
    'FROM redis:7\nENTRYPOINT ["redis-server"]',
    'FROM alpine AS a\nRUN apk add su-exec\nFROM alpine\nCOPY --from=a /app /app',
    'FROM debian\nCOPY gosubmit /usr/bin/',
  ])('not: %j', (text) => {
    expect(seen(text)).toEqual([]);
  });
});
