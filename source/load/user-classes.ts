// Which scenario a virtual user has where each keeps one for good: a function of its number alone, so that it depends neither
// on the seed nor on workers. Whatever the number of users, each scenario has its share of them, to within one.

/** Rounding allowance of an instant in the sequence, as weights need not be whole numbers. */
const tolerance = 1e-9;

/**
 * A function from the number of a user to the index of its scenario, for weights that are not negative and not all 0. Of the
 * first n users scenario i has n times its share, rounded down or up. Each place in the sequence goes to the scenario that has
 * to have one soonest, of those that may have one already.
 */
export const userClasses = (weights: readonly number[]): ((user: number) => number) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const open = weights.flatMap((weight, index) => (weight > 0 ? [{ index, period: total / weight, had: 0 }] : []));
  const [only] = open;
  if (only && open.length === 1) return () => only.index;
  const classes: number[] = [];
  return (user) => {
    for (let place = classes.length; place <= user; place += 1) {
      let next = only!;
      let soonest = Infinity;
      for (const one of open) {
        if (Math.floor(one.had * one.period + tolerance) > place) continue;
        const latest = Math.ceil((one.had + 1) * one.period - tolerance);
        if (latest >= soonest) continue;
        soonest = latest;
        next = one;
      }
      next.had += 1;
      classes.push(next.index);
    }
    return classes[user]!;
  };
};

/** How many of the first `users` have each scenario. */
export const classCounts = (weights: readonly number[], users: number): readonly number[] => {
  const classOf = userClasses(weights);
  const counts = weights.map(() => 0);
  for (let user = 0; user < users; user += 1) counts[classOf(user)]! += 1;
  return counts;
};
