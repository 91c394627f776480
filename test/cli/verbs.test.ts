import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { version } from '../../src/cli/about.ts';
import { plannedVerbs, verbNames } from '../../src/cli/commands.ts';
import { completions } from '../../src/cli/completions.ts';
import { explain } from '../../src/cli/explain.ts';
import { main } from '../../src/cli/main.ts';
import { listRules } from '../../src/cli/rules.ts';
import { commands } from '../../src/cli/verbs.ts';
import type { RuleDocs } from '../../src/core/rules/define.ts';
import { fakeRules, memoryIo, project } from './run.ts';

const here = project({});
afterAll(() => here.remove());

async function run(...args: string[]) {
  const io = memoryIo(here.root);
  const status = await main(args, io);
  return { status, ...io.told() };
}

test.each(plannedVerbs)('%s is planned: that is said, and not that a path is missing', async (verb) => {
  const { err, status } = await run(verb);
  expect({ err, status }).toEqual({
    err: `error: ${verb} is planned, and not there yet: layerwise --help lists what is\n`,
    status: 2,
  });
});

describe('help', () => {
  test('knows every verb that is called by its name', () => {
    expect(commands.map(({ name }) => name)).toEqual(verbNames);
  });

  test('of the program names its verbs', async () => {
    const { out, status } = await run('--help');
    expect(status).toBe(0);
    for (const { name, summary } of commands) expect(out).toMatch(new RegExp(`^ {2}${name} +${summary}$`, 'm'));
    expect((await run('help')).out).toBe(out);
    expect((await run('-h')).out).toBe(out);
  });

  test.each(commands.map(({ name }) => name))('of %s has usage, options and examples', async (name) => {
    const { out, status } = await run(name, '--help');
    const command = commands.find((one) => one.name === name);
    expect(status).toBe(0);
    expect(out).toContain(`Usage: layerwise ${name}`);
    for (const option of command?.options ?? []) expect(out).toContain(`--${option.name}`);
    for (const { line } of command?.examples ?? []) expect(out).toContain(`  ${line}\n`);
    for (const row of out.split('\n')) expect(row.length).toBeLessThanOrEqual(140);
  });

  test('every example but completions parses', async () => {
    for (const { examples } of commands) {
      for (const { line } of examples) {
        const [, ...words] = line
          .replace(/ [|<>].*$/, '')
          .replace(/^source <\((.*)\)$/, '$1')
          .split(' ');
        const { err } = await run(...words.filter((word) => word !== '-'), '--help');
        expect(err, line).toBe('');
      }
    }
  });
});

test('version', async () => {
  expect(await run('--version')).toEqual({ status: 0, out: `layerwise ${version}\n`, err: '' });
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
});

test('a mistake is one line and exit 2', async () => {
  expect(await run('rules', '--formt=json')).toEqual({
    status: 2,
    out: '',
    err: 'error: unknown option --formt: did you mean --format?\n',
  });
  expect(await run('expain')).toEqual({
    status: 2,
    out: expect.anything(),
    err: 'error: expain does not exist: check the path\n',
  });
});

describe('explain', () => {
  const docs: Readonly<Record<string, RuleDocs>> = {
    add: {
      why: 'ADD surprises.',
      figure: 'Measured once.',
      examples: [
        { bad: 'FROM a\n«ADD» x y\n', good: 'FROM a\nCOPY x y\n' },
        { title: 'An archive', bad: 'FROM a\n«ADD» x.tar y\n', declined: 'it may be meant' },
      ],
      silent: [{ title: 'COPY', text: 'FROM a\nCOPY x y\n', is: 'held' }],
      links: ['https://example.org/add'],
    },
  };
  const told = (...operands: string[]) => {
    const io = memoryIo(here.root);
    const status = explain({ values: {}, operands }, io, { rules: fakeRules, docs, safe: new Set(['add/default']) });
    return { status, ...io.told() };
  };

  test('prints the page, by any name', () => {
    const { out, status } = told('add');
    expect(status).toBe(0);
    expect(out).toContain('# add\n\nabout add\n\n- level: warning\n');
    expect(out).toContain('```dockerfile\nFROM a\nADD x y\n```\n\nbecomes\n');
    expect(out).toContain('Not fixed: it may be meant.');
    expect(out).toContain('Safe: applied by `--fix`.');
    for (const name of ['DL3020', 'dl3020', 'hadolint/DL3020', 'ADD']) expect(told(name).out).toBe(out);
  });

  test('has a page for the diagnostic that no rule makes', () => {
    const { out, status } = told('ignore-without-effect');
    expect([status, out.split('\n')[0]]).toEqual([0, '# ignore-without-effect']);
  });

  test('says what it does not know', () => {
    expect(told('DL302')).toEqual({
      status: 2,
      out: '',
      err: 'error: no rule is called DL302: did you mean DL3020?\n',
    });
    expect(told('hadolint/DL3008').err).toBe(
      "error: no rule does what hadolint's DL3008 does: layerwise rules lists what there is, with the names that other tools use\n",
    );
    expect(told()).toEqual({ status: 2, out: '', err: 'error: explain takes one rule: layerwise rules lists them\n' });
  });
});

describe('rules', () => {
  const told = (values: Record<string, string>, operands: string[] = []) => {
    const io = memoryIo(here.root);
    const status = listRules({ values, operands }, io, fakeRules);
    return { status, ...io.told() };
  };

  test('a rule a line', () => {
    expect(told({}).out).toBe(
      `P1   add     warning  about add\nP1   latest  info     about latest\nP1   secret  error    about secret\n`,
    );
  });

  test('json', () => {
    expect(JSON.parse(told({ format: 'json' }).out)[0]).toEqual({
      id: 'add',
      practice: 'P1',
      level: 'warning',
      summary: 'about add',
      aliases: ['hadolint/DL3020'],
    });
  });

  test('takes no arguments', () => {
    expect(told({}, ['x'])).toEqual({
      status: 2,
      out: '',
      err: 'error: rules takes no arguments: layerwise explain RULE prints one\n',
    });
  });
});

describe('completions', () => {
  const script = (shell: string) => {
    const io = memoryIo(here.root);
    expect(completions({ values: {}, operands: [shell] }, io, fakeRules)).toBe(0);
    return io.told().out;
  };

  /** What bash offers for the last of the words. */
  function offered(...words: string[]): string[] {
    const file = join(here.root, 'layerwise.bash');
    writeFileSync(file, script('bash'));
    const line = words.map((word) => `'${word}'`).join(' ');
    const driver = `complete() { :; }; source ${file}; COMP_WORDS=(layerwise ${line}); COMP_CWORD=${words.length}; _layerwise; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', driver], { cwd: here.root, encoding: 'utf8' })
      .split('\n')
      .filter((word) => word !== '');
  }

  test('bash offers verbs, options, choices, rules', () => {
    expect(offered('ex')).toEqual(['explain']);
    expect(offered('--fi')).toEqual(['--fix']);
    expect(offered('check', '--format', '')).toEqual(['pretty', 'line', 'json']);
    expect(offered('--only', 'l')).toEqual(['latest']);
    expect(offered('explain', '')).toEqual(['add', 'latest', 'secret']);
    expect(offered('completions', 'z')).toEqual(['zsh']);
    expect(offered('rules', '--')).toEqual(['--format', '--help']);
  });

  test.each(['zsh', 'fish'])('%s knows every verb and option', (shell) => {
    const text = script(shell);
    for (const { name, options } of commands) {
      expect(text).toContain(name);
      for (const option of options) expect(text).toContain(shell === 'zsh' ? `--${option.name}` : `-l ${option.name}`);
    }
  });

  test('another shell', async () => {
    const { status, err } = await run('completions', 'tcsh');
    expect([status, err]).toEqual([2, 'error: completions takes one shell: choose from bash, zsh, fish\n']);
    expect((await run('completions', 'toString')).status).toBe(2);
  });
});
