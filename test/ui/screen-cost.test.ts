import { describe, expect, it } from 'vitest';
import { CellScreen } from '../../source/ui/cell-screen.ts';
import { CostMeter } from '../../source/ui/screen-cost.ts';
import { ManualClock } from '../helpers/manual-clock.ts';

describe('the cost of the screen', () => {
  it('is what was sent over the last five seconds, and in all', () => {
    const clock = new ManualClock();
    let seconds = 0;
    const meter = new CostMeter(
      () => ({ bytesSent: seconds * seconds * 100, framesSent: seconds * 4, framesDropped: seconds }),
      clock,
    );
    expect(meter.read().bytesPerSecond).toBeNaN();
    for (; seconds < 10; ) {
      seconds += 1;
      clock.pass(1000);
    }
    expect(meter.read()).toEqual({
      bytesSent: 10_000,
      framesSent: 40,
      framesDropped: 10,
      bytesPerSecond: 1500,
      framesPerSecond: 4,
      droppedPerSecond: 1,
    });
    meter.close();
  });
});

describe('frames', () => {
  it('count as dropped when the next one comes before they were composed', () => {
    const screen = new CellScreen(10, 2);
    screen.take('\u001b[?1049h');
    screen.compose();
    screen.take('one');
    screen.compose();
    expect([screen.frames, screen.dropped]).toEqual([1, 0]);
    screen.take('\u001b[H\u001b[Jtwo');
    screen.take('\u001b[H\u001b[Jthree');
    screen.take('\u001b[H\u001b[J');
    screen.take('four');
    screen.compose();
    expect([screen.frames, screen.dropped]).toEqual([2, 2]);
  });
});
