// Which phase of a profile a run is: each is a run of its own, and its figures are nobody else's.

export interface PhasePlace {
  readonly name: string;
  /** From 1. */
  readonly number: number;
  /** Phases in all. */
  readonly count: number;
  /** Its load in words: `up to 4,000/s`. */
  readonly load: string;
}

/** `phase 2 of 3: stress`; of one alone `phase stress`. */
export const phaseText = ({ name, number, count }: PhasePlace): string =>
  count === 1 ? `phase ${name}` : `phase ${number} of ${count}: ${name}`;

/** Whether another phase follows. */
export const isFollowed = (phase: PhasePlace | undefined): boolean => phase !== undefined && phase.number < phase.count;
