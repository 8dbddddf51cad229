// Endpoints made by hand, for tests of their table: long paths, other scripts and emoji among them, and as many as wanted.

import type { EndpointState } from '../../source/session/state.ts';

const names = [
  'POST /events',
  'GET /api/v1/tenants/42/projects/very-long-name/builds/9999/artifacts/download',
  'GET /検索/日本語のとても長いパス/結果',
  'PUT /emoji/🚀/👩‍👩‍👧/x',
  'DELETE /users/{id}',
] as const;

export const endpoint = (index: number, patch: Partial<EndpointState> = {}): EndpointState => ({
  name: names[index] ?? `GET /items/${index}/detail`,
  perSecond: 1880 / (index + 1),
  good: { count: 100, p50: 10 + index, p95: 31 + index, p99: index === 7 ? 4312 : 44 + index, max: 5000 },
  notGoodShare: { 1: 0.002, 3: 0.131 }[index] ?? 0,
  bytesOut: 2_000_000 / (index + 1),
  bytesIn: 300_000 / (index + 1),
  total: Math.floor(1_914_220 / (index + 1)),
  totalNotGood: index === 3 ? 62_691 : 0,
  ...patch,
});

export const endpoints = (count: number): readonly EndpointState[] =>
  Array.from({ length: count }, (_, index) => endpoint(index));

export const fixtureEndpoints = endpoints(5);
