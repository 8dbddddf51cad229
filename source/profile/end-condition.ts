// What ends a load before its time: a figure that came where it was to come, such as `errors > 10% over 10s`. It is written the
// other way round than an objective, and is one: the load ends when it is broken.

import { UnitError } from '../common/units.ts';
import { type Objective, readObjective } from '../measure/objective.ts';

const opposite: Readonly<Record<string, string>> = { '>': '<=', '>=': '<', '<': '>=', '<=': '>' };

/** Reads `errors>10% over 10s` as what has to hold for the load to go on. @throws UnitError */
export const readEnd = (text: string): Objective => {
  const [, figure = '', sign = '', bound = ''] = /^([^<>=]*?)\s*(<=|>=|<|>)\s*(.*)$/s.exec(text.trim()) ?? [];
  if (sign === '') throw new UnitError('a condition such as errors>10% over 10s');
  const turned = opposite[sign]!;
  try {
    return { ...readObjective(`${figure}${turned}${bound}`), text: text.trim() };
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    // What it says of signs would be of the turned ones.
    const isOfSign = /^[<>]/.test(error.message);
    const wanted = sign.startsWith('>') ? '<' : '>';
    throw new UnitError(isOfSign ? `${wanted} behind ${figure}, for when it ends` : error.message);
  }
};
