import { expect, test } from 'vitest';
import { check } from '../../../src/core/index.ts';
import { cpuNow } from '../../cpu.ts';

/** Texts that make a pattern with nested or neighbouring repetitions try everything. */
const hostile: Readonly<Record<string, string>> = {
  'git config, addresses': `git config ${'url.http://'.repeat(3000)}${'@'.repeat(20_000)}`,
  'git config, http': `git config ${'http.'.repeat(15_000)}`,
  'npm config': `npm config ${'set config '.repeat(8000)}`,
  'an address of colons': `echo //${':'.repeat(60_000)} > /root/.netrc`,
  'many addresses': `echo ${'//a:'.repeat(20_000)} > .npmrc`,
  'composer config': `composer config ${'.com '.repeat(15_000)}`,
  'bundle config': `bundle config ${'.com a '.repeat(10_000)}`,
  'one word': `curl ${'a'.repeat(80_000)}`,
  blanks: `apt-get install ${' '.repeat(80_000)} x`,
  dashes: `apt-get ${'-'.repeat(80_000)}`,
};

test.each(Object.entries(hostile))('rules are fast on hostile text: %s', (_, command) => {
  const text = `FROM debian:12-slim\nENV A=${command.slice(0, 50_000).replace(/\s/g, '_')}\nRUN ${command}\nCMD ${command.slice(0, 20_000)}\n`;
  const began = cpuNow();
  check({ file: 'Dockerfile', text });
  expect(cpuNow() - began).toBeLessThan(6000);
});
