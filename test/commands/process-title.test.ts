import { describe, expect, it } from 'vitest';
import { processTitle } from '../../source/commands/process-title.ts';
import { readArguments } from '../../source/commands/read-arguments.ts';

const titleOf = (line: string) => processTitle(readArguments(line.split(' '), {}));

describe('the title of the process', () => {
  it.each([
    ['http://localhost:3000/events -q 500', 'loadtop http://localhost:3000/events'],
    ['run profiles/events-simple.yaml --control run.sock', 'loadtop profiles/events-simple.yaml --control '],
    ['doctor', 'loadtop doctor'],
    ['doctor http://localhost:3000/', 'loadtop doctor http://localhost:3000/'],
    ['demo', 'loadtop demo'],
    ['ctl run.sock status', 'loadtop ctl run.sock'],
  ])('tells "loadtop %s" from others', (line, title) => {
    expect(titleOf(line)).toContain(title);
  });

  it('tells no secret', () => {
    const title = titleOf('http://localhost:3000/?token=secret -H X-Api-Key:secret');
    expect(title).toContain('localhost:3000');
    expect(title).not.toContain('secret');
  });
});
