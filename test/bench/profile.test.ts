import { describe, expect, it } from 'vitest';
import { selfTimes } from './profile.ts';

const node = (id: number, functionName: string, url = '', lineNumber = -1) => ({
  id,
  callFrame: { functionName, url, lineNumber },
});

describe('the self times of a profile', () => {
  it('are summed up by function, wherever it was called from, and leave waiting out', () => {
    const profile = {
      nodes: [
        node(1, '(root)'),
        node(2, '(idle)'),
        node(3, 'fire', 'file:///home/x/loadtop/dist/engine/connection.js', 99),
        node(4, 'fire', 'file:///home/x/loadtop/dist/engine/connection.js', 99),
        node(5, 'writev'),
        node(6, '', 'file:///home/x/loadtop/node_modules/undici/lib/core/util.js', 4),
      ],
      samples: [2, 3, 4, 5, 6, 2],
      timeDeltas: [5000, 1000, 2000, 2500, 500, 9000],
    };
    expect(selfTimes(profile)).toEqual([
      { where: 'fire dist/engine/connection.js:100', ms: 3 },
      { where: 'writev', ms: 2.5 },
      { where: '(anonymous) node_modules/undici/lib/core/util.js:5', ms: 0.5 },
    ]);
  });
});
