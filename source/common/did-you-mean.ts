// The known word that a mistyped one most resembles: for keys of a profile, flags, template names. It only proposes;
// nobody acts on a guess.

/**
 * The entry of `known` nearest to `word`, or undefined where none is near: at most one edit in three letters
 * (optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours), or a beginning of it.
 */
export const didYouMean = (word: string, known: readonly string[]): string | undefined => {
  const plain = simplify(word);
  // Longer words cannot be near anything we know, and the distance costs the product of the lengths.
  if (plain.length < 2 || plain.length > 40) return undefined;
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of known) {
    const other = simplify(candidate);
    const distance = plain.length >= 3 && other.startsWith(plain) ? 0.5 : distanceOf(plain, other);
    if (distance < bestDistance && distance <= Math.max(1, Math.floor(plain.length / 3))) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
};

const simplify = (word: string): string => word.toLowerCase().replaceAll(/[-_\s]/g, '');

const distanceOf = (a: string, b: string): number => {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let least = Math.min(above[column]! + 1, line[column - 1]! + 1, above[column - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) least = Math.min(least, before[column - 2]! + 1);
      line.push(least);
    }
    before = above;
    above = line;
  }
  return above[b.length]!;
};
