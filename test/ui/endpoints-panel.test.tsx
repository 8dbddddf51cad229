// The table of endpoints as it is drawn: on the dashboard, alone on the screen, with names of all kinds.
import { describe, expect, it } from 'vitest';
import type { RunState } from '../../source/session/state.ts';
import { firstChoice } from '../../source/ui/choice.ts';
import { cutName, displayWidth } from '../../source/ui/format.ts';
import { endpointHeads } from '../../source/ui/panels/endpoint-lines.ts';
import { plainText } from '../../source/ui/theme.ts';
import type { View } from '../../source/ui/view.ts';
import { noZoom, type Zoom } from '../../source/ui/zoom.ts';
import { endpoint, endpoints, fixtureEndpoints } from '../helpers/endpoints.ts';
import { frameOf, plainUnicode } from '../helpers/frame.tsx';
import { probeStates } from '../helpers/probe-states.ts';

const state: RunState = { ...probeStates.whole, endpoints: fixtureEndpoints };
const many: RunState = { ...state, endpoints: endpoints(200) };
const client: Partial<View> = { choice: { ...firstChoice, preset: 'client' } };
const zoomed = (patch: Partial<Zoom> = {}): Partial<View> => ({
  zoom: { ...noZoom, focus: 'endpoints', zoomed: true, ...patch },
});
const linesOf = (of: RunState, columns: number, rows: number, view: Partial<View> = {}): string[] =>
  frameOf(of, columns, rows, { view }).split('\n');

const sizes = [
  [60, 20],
  [80, 24],
  [80, 50],
  [120, 40],
  [200, 60],
] as const;

describe('the panel of endpoints', () => {
  it.each(sizes)('fits at %ix%i, whatever the names', (columns, rows) => {
    const worst = {
      ...many,
      endpoints: [endpoint(0, { perSecond: 123_456, total: 9_999_999_999 }), ...many.endpoints],
    };
    for (const view of [client, zoomed(), zoomed({ top: 150 })]) {
      const lines = linesOf(worst, columns, rows, view);
      expect(lines).toHaveLength(rows);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      expect(lines.join('\n')).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('has the worst first, with a sign, and keeps the telling end of a path', () => {
    const lines = linesOf(state, 120, 40);
    const row = lines.findIndex((line) => line.includes('─ endpoints'));
    expect(lines[row]).toMatch(/^5─ endpoints, ms, last 10 s ─.* per s +p50 +p95 +p99 not good ↓ ─/);
    expect(lines[row + 1]).toMatch(/^ PUT \/emoji\/.* 470 +13 +34 +47 +▲ 13\.1 % /);
    expect(lines[row + 2]).toMatch(/^ GET ….*\/artifacts\/download +940 /);
  });

  it('says how many there is no room for', () => {
    expect(linesOf(many, 80, 24, client).join('\n')).toMatch(/and 197 more: Tab chooses the panel, Enter shows all/);
  });

  it('shows all of them zoomed, below heads that stay, and filters them', () => {
    const lines = linesOf(many, 120, 40, zoomed({ top: 500 }));
    expect(lines[3]).toMatch(/━ endpoints, times in ms, last 10 s ━+ lines 167-200 of 200 ━/);
    expect(lines[4]).toMatch(/ per s +p50 +p95 +p99 not good ↓ +out +in +total$/);
    expect(lines.at(-2)).toMatch(/^ GET \/items\/199\/detail +9\.4 .* 80 kbit\/s +12 kbit\/s +9,571$/);
    const filtered = linesOf(many, 120, 40, zoomed({ filter: 'items 19' }));
    expect(filtered[3]).toMatch(/\/ items 19 {2}12 of 200 rows/);
  });

  it('is sorted as the view says, and marks the column', () => {
    const sort = { column: 'rate', down: false } as const;
    const lines = linesOf(state, 120, 40, { ...zoomed(), sort });
    expect(lines[4]).toMatch(/per s ↑ /);
    expect(lines[5]).toMatch(/^ DELETE/);
  });

  it('says by what it is sorted where that column has no room', () => {
    const sort = { column: 'in', down: true } as const;
    expect(linesOf(state, 80, 24, { ...client, sort }).join('\n')).toMatch(/^5─ endpoints by in ─/m);
    const name = { column: 'name', down: false } as const;
    expect(linesOf(state, 200, 60, { ...client, sort: name }).join('\n')).toMatch(/─ endpoints.* by name/);
  });

  it('waits for the first request', () => {
    expect(linesOf({ ...state, endpoints: [] }, 80, 24, client).join('\n')).toMatch(/nothing has been sent yet/);
  });

  it('is ASCII where nothing else can be drawn', () => {
    const theme = { ...plainUnicode, ascii: true };
    expect(frameOf(many, 120, 40, { theme, view: client })).toMatch(/^[ -~\n]+$/);
  });
});

it('shows what requests hold beside their rate, in the word of the profile', () => {
  const [first, ...rest] = state.endpoints;
  const events = { ...state, endpoints: [{ ...first!, items: { name: 'events', perSecond: 188_000 } }, ...rest] };
  const lines = linesOf(events, 160, 40, zoomed());
  expect(lines[4]).toMatch(/ per s +events\/s +p50 /);
  expect(lines.join('\n')).toMatch(/POST \/events +1,880 +188,000 /);
  expect(linesOf(events, 80, 24, client).join('\n')).toMatch(/ per s +events\/s +p/);
});

it('heads end where the numbers end', () => {
  for (let width = 40; width <= 200; width += 1) {
    const heads = plainText(endpointHeads({ column: 'p99', down: true }, width));
    expect(displayWidth(heads)).toBeLessThanOrEqual(width - 16);
  }
});

it.each([
  ['GET /a/b', 20, 'GET /a/b'],
  ['GET /api/v1/tenants/42', 12, 'GET …ants/42'],
  ['/api/v1/tenants/42', 8, '…ants/42'],
  ['GET /検索/結果', 10, 'GET …/結果'],
  ['GET /検索/結果', 9, 'GET …結果'],
  ['GET /x', 1, '…'],
  ['GET /x', 0, ''],
])('the name %j in %i cells is %j', (name, cells, cut) => {
  expect(cutName(name, cells)).toBe(cut);
  expect(displayWidth(cutName(name, cells))).toBeLessThanOrEqual(cells);
});

describe('the frames to read', () => {
  it.each([
    ['client', 80, 24, client],
    ['client', 120, 40, client],
    ['server', 120, 40, { choice: { ...firstChoice, preset: 'server' } }],
    ['latency', 120, 40, { choice: { ...firstChoice, preset: 'latency' } }],
    ['all', 80, 50, {}],
    ['all', 60, 20, {}],
  ] as const)('view %s at %ix%i', async (name, columns, rows, view) => {
    await expect(`${frameOf(state, columns, rows, { view })}\n`).toMatchFileSnapshot(
      `frames/view-${name}-${columns}x${rows}.txt`,
    );
  });

  it('200 endpoints at 120x40', async () => {
    await expect(`${frameOf(many, 120, 40, { view: zoomed() })}\n`).toMatchFileSnapshot(
      'frames/endpoints-zoomed-120x40.txt',
    );
  });
});
