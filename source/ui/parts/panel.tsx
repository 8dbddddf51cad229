// A panel: a rule with its title left and its numbers right, then its content. No box, so that nothing is lost to
// borders and text can be copied.

import { Box } from 'ink';
import { lineWidth, ruleLine } from '../format.ts';
import type { Rect } from '../layout.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { useTheme } from '../use-session.ts';
import { Lines } from './lines.tsx';

/** A place on the screen. */
interface Place {
  readonly rect: Rect;
}

/** What every panel gets: its place on the screen, and what it shows a part of. */
export interface PanelProps extends Place {
  readonly state: Seen;
  /** It is the one that Enter zooms. */
  readonly focused?: boolean | undefined;
}

interface FrameProps extends Place {
  readonly focused?: boolean | undefined;
  /** Wordings of the title, longest first: the first that leaves room for the numbers is taken. */
  readonly title: string | readonly string[];
  /** Wordings of the numbers at the right, longest first. */
  readonly right?: readonly Line[];
  /** Content, from the row below the rule on. */
  readonly lines: readonly Line[];
}

/** Cells of a rule that are neither title nor numbers: `─ title ─ numbers ─`. */
const ruleOverhead = 7;

export const Panel = ({ rect, focused = false, title, right = [], lines }: FrameProps) => {
  const { ascii } = useTheme();
  const titles = typeof title === 'string' ? [title] : title;
  const pairs = right.flatMap((numbers) => titles.map((name) => ({ name, numbers })));
  const room = rect.width - ruleOverhead - (rect.digit?.length ?? 0);
  const chosen = pairs.find(({ name, numbers }) => name.length + lineWidth(numbers) <= room);
  const rule = ruleLine(chosen?.name ?? titles.at(-1)!, chosen?.numbers ?? [], rect.width, {
    ascii,
    heavy: focused,
    role: focused ? 'focus' : 'dim',
    digit: rect.digit,
  });
  return <Area rect={rect} lines={[rule, ...lines]} />;
};

/** Lines at a place on the screen. */
export const Area = ({ rect, lines }: Place & { readonly lines: readonly Line[] }) => (
  <Box position="absolute" left={rect.x} top={rect.y} width={rect.width} height={rect.height} overflow="hidden">
    <Lines lines={lines} width={rect.width} height={rect.height} />
  </Box>
);
