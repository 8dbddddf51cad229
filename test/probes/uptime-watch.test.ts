// When an uptime that goes back is a restart, and when it is somebody else's.
import { expect, test } from 'vitest';
import { UptimeWatch } from '../../source/probes/uptime-watch.ts';

/** What is told of uptimes, each with the second in which it was read. */
const told = (...looks: readonly (readonly [second: number, uptime: number | undefined])[]): string[] => {
  let now = 0;
  const watch = new UptimeWatch(() => now);
  return looks.flatMap(([second, uptime]) => {
    now = second * 1000;
    return watch.take(uptime).map(({ what, text }) => `${what}: ${text}`);
  });
};

test('an uptime that grows, stands still, or is rounded differently says nothing', () => {
  expect(told([0, 10], [1, 11], [2, 11], [3, 10.5], [4, undefined], [5, 15])).toEqual([]);
});

test('one that began after the last look was restarted, each time that it was', () => {
  expect(told([0, 3600], [1, 0.5], [2, 1.5], [60, 59.5], [61, 0.1])).toEqual([
    'restart: restarted, was up 1h',
    'restart: restarted, was up 59.5 s',
  ]);
});

test('one that runs for longer is another instance, which is told once', () => {
  expect(told([0, 7200], [1, 3600], [2, 7202], [3, 3602], [4, 7204])).toEqual([
    'change: is several instances: one up 2h, one up 1h',
  ]);
});
