import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Choice, digitOf, digits, firstChoice, presets } from '../../source/ui/choice.ts';
import { arrange, type PanelName, type Placed, type Rect, type Wishes } from '../../source/ui/layout.ts';
import { balanced, share } from '../../source/ui/stack.ts';

const wishes: Wishes = {
  health: 4,
  metrics: 8,
  mongodb: 6,
  'target host': 0,
  host: 7,
  generator: 3,
  generatorLeast: 2,
  'target process': 0,
  errors: 7,
  endpoints: 0,
  objectives: 0,
  bursts: 0,
  counted: 0,
  server: 12,
  serverLeast: 5,
};
/** As they are when every probe there can be is there. */
const all: Wishes = { ...wishes, 'target host': 9, 'target process': 8, server: 20, serverLeast: 7 };

const panelsAt = (columns: number, rows: number, wanted = wishes, choice = firstChoice): readonly Placed[] => {
  const arrangement = arrange(columns, rows, wanted, choice);
  return arrangement.type === 'too small' ? [] : arrangement.panels;
};
const heights = (columns: number, rows: number): Partial<Record<PanelName, number>> =>
  Object.fromEntries(panelsAt(columns, rows).map(({ name, rect }) => [name, rect.height]));

describe('the arrangement', () => {
  const row = fc.integer({ min: 1, max: 40 });
  const wanted = fc.record({
    health: row,
    metrics: row,
    mongodb: row,
    'target host': fc.integer({ min: 0, max: 40 }),
    host: row,
    generator: row,
    generatorLeast: fc.integer({ min: 1, max: 6 }),
    'target process': fc.integer({ min: 0, max: 40 }),
    errors: fc.integer({ min: 5, max: 25 }),
    endpoints: fc.constantFrom(0, 2, 4, 201),
    objectives: fc.constantFrom(0, 2, 5),
    bursts: fc.constantFrom(0, 3, 40),
    counted: fc.constantFrom(0, 2, 15),
    server: row,
    serverLeast: fc.integer({ min: 2, max: 9 }),
  });
  const size = fc.record({ columns: fc.integer({ min: 60, max: 300 }), rows: fc.integer({ min: 20, max: 120 }) });
  const choices = fc
    .record({
      preset: fc.constantFrom(...presets),
      toggled: fc.array(fc.tuple(fc.constantFrom(...digits), fc.boolean()), { maxLength: 9 }),
    })
    .map(({ preset, toggled }): Choice => {
      const last = new Map(toggled);
      const those = (shown: boolean) => [...last].filter(([, is]) => is === shown).map(([digit]) => digit);
      return { preset, shown: those(true), hidden: those(false) };
    });

  it('covers every row from header to footer without an overlap, at every size and with every choice', () => {
    fc.assert(
      fc.property(size, wanted, choices, ({ columns, rows }, claims, choice) => {
        const panels = panelsAt(columns, rows, claims, choice);
        const taken = new Uint8Array(columns * rows);
        for (const { rect } of panels) {
          expect(rect.x >= 0 && rect.x + rect.width <= columns && rect.y >= 0 && rect.y + rect.height <= rows).toBe(
            true,
          );
          expect(rect.height).toBeGreaterThan(0);
          for (let y = rect.y; y < rect.y + rect.height; y += 1) {
            const cells = taken.subarray(y * columns + rect.x, y * columns + rect.x + rect.width);
            expect(cells.every((cell) => cell === 0)).toBe(true);
            cells.fill(1);
          }
        }
        for (let y = 0; y < rows; y += 1) {
          const cells = taken.subarray(y * columns, (y + 1) * columns);
          // An empty cell between columns, of which there are three at the most.
          expect(cells.filter((cell) => cell === 0).length).toBeLessThanOrEqual(2);
          expect(cells[0]).toBe(1);
          expect(cells.at(-1)).toBe(1);
        }
        const at = (name: PanelName) => panels.find((panel) => panel.name === name)!.rect;
        expect(at('header')).toEqual({ x: 0, y: 0, width: columns, height: 3 });
        expect(at('footer')).toEqual({ x: 0, y: rows - 1, width: columns, height: 1 });
        expect(new Set(panels.map(({ name }) => name)).size).toBe(panels.length);
        // A chart has a scale and a row to draw in, a table its heads and a row.
        for (const { name, rect } of panels) {
          if (name === 'load' || name === 'latency') expect(rect.height).toBeGreaterThanOrEqual(3);
          if (name === 'heatmap') expect(rect.height).toBeGreaterThanOrEqual(4);
          if (name === 'errors' || name === 'endpoints' || name === 'log')
            expect(rect.height).toBeGreaterThanOrEqual(2);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('has the panel in sight that was asked for last, and none that was hidden', () => {
    fc.assert(
      fc.property(size, wanted, choices, ({ columns, rows }, claims, choice) => {
        const names = panelsAt(columns, rows, claims, choice).map(({ name }) => name);
        const there = new Set(names.flatMap((name) => (name === 'server' ? ['7', '8'] : [digitOf(name)])));
        const last = choice.shown.at(-1);
        if (last !== undefined) expect(there).toContain(last);
        const alone = there.size === 2 && there.has('1');
        for (const digit of choice.hidden) {
          const inBlock = names.includes('server') && (digit === '7' || digit === '8');
          if (!alone && !inBlock) expect(there).not.toContain(digit);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps charts, outcomes, server and log at every size where nothing was chosen', () => {
    fc.assert(
      fc.property(size, wanted, ({ columns, rows }, claims) => {
        const panels = panelsAt(columns, rows, claims);
        const at = (name: PanelName) => panels.find((panel) => panel.name === name)!.rect;
        expect(at('load').height).toBeGreaterThanOrEqual(4);
        expect(at('latency').height).toBeGreaterThanOrEqual(4);
        expect(at('errors').height).toBeGreaterThanOrEqual(2);
        expect(at('log').y + at('log').height).toBe(rows - 1);
        expect(panels.some(({ name }) => name === 'server' || name === 'generator')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('is the compact frame at 80x24', () => {
    expect(heights(80, 24)).toEqual({ header: 3, load: 5, latency: 5, errors: 2, server: 5, log: 3, footer: 1 });
  });

  it('has the client left and the server right from 100 columns on', () => {
    const panels = panelsAt(120, 40);
    const load = panels.find(({ name }) => name === 'load')!.rect;
    const health = panels.find(({ name }) => name === 'health')!.rect;
    expect(load.width / 120).toBeGreaterThan(0.59);
    expect(load.width / 120).toBeLessThan(0.65);
    expect(health.x).toBe(load.width + 1);
    expect(arrange(99, 39, wishes).type).toBe('compact');
  });

  it('takes no rows for endpoints by which a chart would lose its time axis', () => {
    for (let rows = 40; rows <= 120; rows += 1) {
      const panels = panelsAt(120, rows, { ...wishes, endpoints: 201 });
      const height = (name: PanelName): number => panels.find((panel) => panel.name === name)!.rect.height;
      expect(Math.min(height('load'), height('latency'))).toBeGreaterThanOrEqual(10);
      expect(height('endpoints')).toBeGreaterThanOrEqual(4);
    }
  });

  it('serves every panel at the smallest size, and says the size below it', () => {
    expect(heights(60, 20)).toEqual({ header: 3, load: 4, latency: 4, errors: 2, server: 4, log: 2, footer: 1 });
    for (const [columns, rows] of [
      [59, 20],
      [60, 19],
      [0, 0],
    ] as const) {
      expect(arrange(columns, rows, wishes)).toEqual({ type: 'too small', columns: 60, rows: 20 });
    }
  });

  it('gives each of seven panels its title and its most important rows, and the generator what it needs', () => {
    const rows = Object.fromEntries(panelsAt(120, 40, all).map(({ name, rect }) => [name, rect.height]));
    for (const name of ['metrics', 'mongodb', 'target host', 'host', 'target process'] as const) {
      expect(rows[name]).toBeGreaterThanOrEqual(4);
    }
    expect(rows.generator).toBe(2);
    const order = panelsAt(120, 40, all).filter(({ rect }) => rect.x > 0 && rect.y > 0 && rect.y < 35);
    expect(order.map(({ name }) => name)).toEqual([
      ...['health', 'metrics', 'mongodb', 'target host', 'host', 'generator', 'target process'],
    ]);
  });

  it('leaves out the panels of what is not there', () => {
    expect(panelsAt(120, 40).map(({ name }) => name)).not.toContain('target host');
  });

  it('gives the block of a small terminal a row for each part of the server, and charts what they need', () => {
    const rows = Object.fromEntries(panelsAt(80, 24, all).map(({ name, rect }) => [name, rect.height]));
    expect(rows).toEqual({ header: 3, load: 4, latency: 4, errors: 2, server: 7, log: 3, footer: 1 });
    expect(panelsAt(60, 20, all).find(({ name }) => name === 'server')!.rect.height).toBe(4);
  });

  it('does not give rows to a panel that has nothing for them', () => {
    const panels = panelsAt(200, 60, { ...wishes, mongodb: 1 });
    expect(panels.find(({ name }) => name === 'mongodb')!.rect.height).toBe(1);
  });
});

const namesAt = (columns: number, rows: number, choice: Choice, wanted = all): readonly PanelName[] =>
  panelsAt(columns, rows, wanted, choice)
    .map(({ name }) => name)
    .filter((name) => name !== 'header' && name !== 'footer');
const rectAt = (columns: number, rows: number, choice: Choice, name: PanelName): Rect =>
  panelsAt(columns, rows, all, choice).find((panel) => panel.name === name)!.rect;

describe('a narrow terminal that is high', () => {
  it('has the panels of the server one by one, below each other', () => {
    expect(arrange(80, 50, all).type).toBe('portrait');
    expect(namesAt(80, 50, firstChoice)).toEqual([
      ...['load', 'latency', 'errors', 'health', 'metrics', 'mongodb', 'target host', 'host', 'generator'],
      ...['target process', 'log'],
    ]);
    for (const { rect } of panelsAt(80, 50, all)) expect(rect.width).toBe(80);
  });

  it('has endpoints where there are several', () => {
    expect(namesAt(80, 50, firstChoice, { ...all, endpoints: 5 })).toContain('endpoints');
    expect(namesAt(80, 24, firstChoice, { ...all, endpoints: 5 })).not.toContain('endpoints');
    expect(namesAt(120, 40, firstChoice, { ...all, endpoints: 5 })).toContain('endpoints');
    expect(namesAt(120, 40, firstChoice, { ...all, endpoints: 2 })).not.toContain('endpoints');
  });
});

describe('a preset', () => {
  const preset = (name: Choice['preset']): Choice => ({ ...firstChoice, preset: name });

  it.each([
    [80, 24],
    [120, 40],
  ] as const)('has the panels of its subject at %ix%i', (columns, rows) => {
    expect(namesAt(columns, rows, preset('client')).toSorted()).toEqual([
      ...['endpoints', 'errors', 'heatmap', 'latency', 'load'],
    ]);
    expect(namesAt(columns, rows, preset('latency'))).toEqual(['latency', 'heatmap', 'endpoints']);
    expect(namesAt(columns, rows, preset('log'))).toEqual(['load', 'log']);
    const server = namesAt(columns, rows, preset('server'));
    expect([server[0], server.at(-1)]).toEqual(['load', 'log']);
    expect(server).toContain(columns === 80 ? 'server' : 'target process');
    expect(server).not.toContain('latency');
  });

  it('of the server only says what load there is, and has its panels in columns', () => {
    const { height, width } = rectAt(120, 40, preset('server'), 'load');
    expect([height, width]).toEqual([9, 120]);
    expect(rectAt(120, 40, preset('server'), 'health').x).toBe(0);
    expect(rectAt(120, 40, preset('server'), 'target process').x).toBe(61);
    expect(rectAt(200, 60, preset('server'), 'target process').x).toBeGreaterThan(120);
  });

  it('of the client has charts left and tables right in a wide terminal', () => {
    const at = (name: PanelName, endpoints: number) =>
      panelsAt(120, 40, { ...all, endpoints }, preset('client')).find((panel) => panel.name === name)!.rect;
    expect(at('latency', 201).x).toBe(0);
    expect(at('heatmap', 201).x).toBe(0);
    expect(at('endpoints', 201).x).toBe(67);
    // What few endpoints leave is not left empty.
    expect(at('heatmap', 4).x).toBe(67);
  });
});

describe('a panel that is shown or hidden by hand', () => {
  it('takes the place of what says least where there is no room for both', () => {
    const names = namesAt(60, 20, { ...firstChoice, shown: ['3', '5'] });
    expect(names).toEqual(expect.arrayContaining(['heatmap', 'endpoints', 'load', 'latency']));
    expect(names).not.toContain('log');
  });

  it('leaves its room to the others', () => {
    expect(rectAt(120, 40, firstChoice, 'load').width).toBe(73);
    expect(rectAt(120, 40, { ...firstChoice, hidden: ['7', '8'] }, 'load').width).toBe(120);
    const { parts } = panelsAt(80, 24, all, { ...firstChoice, hidden: ['7'] }).find(({ name }) => name === 'server')!;
    expect(parts).toEqual(['host', 'generator']);
    expect(namesAt(80, 24, { ...firstChoice, hidden: ['7', '8'] })).not.toContain('server');
  });
});

it('divides panels into columns of about the same height, in their order', () => {
  expect(balanced([4, 8, 6, 9, 7, 3, 8], 2)).toEqual([
    [0, 3],
    [3, 7],
  ]);
  expect(balanced([4, 8, 6, 9, 7, 3, 8], 3)).toHaveLength(3);
  expect(balanced([5], 3)).toEqual([[0, 1]]);
  expect(balanced([], 2)).toEqual([]);
});

describe('sharing rows', () => {
  it.each([
    [
      10,
      [
        [2, 4],
        [2, 8],
      ],
      [4, 6],
    ],
    [
      20,
      [
        [2, 4],
        [2, 8],
      ],
      [4, 8],
    ],
    [
      3,
      [
        [2, 4],
        [2, 8],
      ],
      [2, 1],
    ],
    [
      2,
      [
        [2, 4],
        [2, 8],
      ],
      [2, 0],
    ],
    [
      7,
      [
        [2, 9],
        [2, 9],
      ],
      [4, 3],
    ],
  ] as const)('of %i rows to %j: %j', (total, claims, given) => {
    expect(
      share(
        total,
        claims.map(([least, most]) => ({ least, most })),
      ),
    ).toEqual(given);
  });
});
