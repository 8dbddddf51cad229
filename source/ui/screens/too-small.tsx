// What stands there in a terminal that is too small for panels.

import { footerLine } from '../panels/footer.tsx';
import { Area } from '../parts/panel.tsx';
import type { Seen } from '../seen.ts';
import { sizeLine, smallLines } from '../small-lines.ts';
import { isTyping } from '../typing.ts';
import { useTheme } from '../use-session.ts';
import type { View } from '../view.ts';

interface SizeProps {
  readonly columns: number;
  readonly rows: number;
}

/** Before a run: there is nothing to say of it. */
export const TooSmallForFields = ({ columns, rows }: SizeProps) => (
  <Area rect={{ x: 0, y: 0, width: columns, height: rows }} lines={[sizeLine({ columns, rows })]} />
);

interface TooSmallProps extends SizeProps {
  readonly state: Seen;
  readonly view: View;
}

export const TooSmall = ({ columns, rows, state, view }: TooSmallProps) => {
  const { ascii } = useTheme();
  const typed = isTyping(view) ? footerLine(state, view, columns, ascii) : undefined;
  const lines = smallLines(state.live, view, { columns, rows }, typed, ascii);
  return <Area rect={{ x: 0, y: 0, width: columns, height: rows }} lines={lines} />;
};
