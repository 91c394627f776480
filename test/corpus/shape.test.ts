import { describe, expect, test } from 'vitest';
import type { InstructionsAnswer } from '../oracle/client.ts';
import { shapeOf, undeclaredChanges } from './shape.ts';

const lines = [1, 1] as const;
const command = (name: string, view: Readonly<Record<string, unknown>>) => ({ name, lines, view });
const copy = (name: string, ...sources: string[]) => command(name, { sources, contents: [], from: '' });
const file = (baseName: string, ...commands: ReturnType<typeof command>[]): InstructionsAnswer => ({
  ok: true,
  metaArgs: [command('arg', { args: [{ key: 'TAG', value: null }] })],
  stages: [{ name: 'build', baseName, lines, commands }],
});
const shape = (...args: Parameters<typeof file>) => shapeOf(file(...args));

describe('changes that nobody declared', () => {
  test('none of the same instructions, nor of an ADD that became a COPY', () => {
    expect(undeclaredChanges(shape('a', copy('add', 'x')), shape('a', copy('COPY', 'x')), [])).toEqual([]);
  });
  test('none of a stage that is called by another of its names', () => {
    const from = (stage: string) => command('COPY', { sources: ['x'], contents: [], from: stage });
    const by = (stage: string) => shape('a', from(stage));
    expect(undeclaredChanges(by('0'), by('build'), [])).toEqual([]);
    expect(undeclaredChanges(by('BUILD'), by('build'), [])).toEqual([]);
    expect(undeclaredChanges(by('build'), by('debian'), [])).toMatchObject([{ part: 'sources' }]);
  });
  test('base, source and ARG', () => {
    expect(undeclaredChanges(shape('a'), shape('b'), [])).toMatchObject([{ part: 'stages', was: 'a', is: 'b' }]);
    expect(undeclaredChanges(shape('a', copy('COPY', 'x')), shape('a', copy('COPY', 'y')), [])).toMatchObject([
      { part: 'sources' },
    ]);
    const arg = command('ARG', { args: [{ key: 'A', value: null }] });
    expect(undeclaredChanges(shape('a', arg), shape('a'), [])).toMatchObject([{ part: 'args' }]);
  });
  test('none of ARGs in another order', () => {
    const arg = (key: string) => command('ARG', { args: [{ key, value: null }] });
    expect(undeclaredChanges(shape('a', arg('A'), arg('B')), shape('a', arg('B'), arg('A')), [])).toEqual([]);
    expect(undeclaredChanges(shape('a', arg('A'), arg('B')), shape('a', arg('A'), arg('C')), [])).toHaveLength(1);
  });
  test('a name that is taken away or changed, not one that is given', () => {
    const named = shape('a');
    const other = { ...named, targets: ['other'] };
    const unnamed = { ...named, targets: [''] };
    expect(undeclaredChanges(named, other, [])).toMatchObject([{ part: 'targets' }]);
    expect(undeclaredChanges(named, unnamed, [])).toMatchObject([{ part: 'targets' }]);
    expect(undeclaredChanges(unnamed, named, [])).toEqual([]);
  });
  test('a name for a stage without one takes no target away; another name does', () => {
    const named = (...names: string[]) => ({ stages: ['a', 'b'], targets: names, args: [], sources: [] });
    expect(undeclaredChanges(named('', ''), named('build', ''), [])).toEqual([]);
    expect(undeclaredChanges(named('base', ''), named('base', 'base'), [])).toMatchObject([{ part: 'targets' }]);
    expect(undeclaredChanges(named('base', ''), named('other', ''), [])).toMatchObject([{ part: 'targets' }]);
  });
  test('a claim that names another field declares nothing', () => {
    const claims = [{ kind: 'same-build-but', differs: ['build/RUN 1/args'] }] as const;
    expect(undeclaredChanges(shape('a'), shape('b'), claims)).toHaveLength(1);
  });
  test('a claim that names the instruction declares it', () => {
    const claims = [{ kind: 'same-build-but', differs: ['build/FROM/image'] }] as const;
    expect(undeclaredChanges(shape('a'), shape('b'), claims)).toEqual([]);
  });
});
