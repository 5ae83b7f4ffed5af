/** Nearest name: what was meant by one that doesn't exist. */

/** The name that differs least; undefined if none is like it. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(name.length / 3));
  let found: string | undefined;
  let least = most + 0.5;
  for (const other of names) {
    if (other === name || Math.abs(other.length - name.length) > most) continue;
    // Another case is the smallest of differences.
    const far =
      other.toLowerCase() === name.toLowerCase() ? 0.5 : distance(name, other, most) + 0.25;
    if (far < least) [found, least] = [other, far];
  }
  return found;
}

/** Letters to be put in, left out, changed or swapped with their neighbour; more than `most` is all the same. */
function distance(a: string, b: string, most: number): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const [up = 0, left = 0, across = 0] = [last[j], row[j - 1], last[j - 1]];
      let value = Math.min(up + 1, left + 1, across + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, (before[j - 2] ?? 0) + 1);
      row.push(value);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return last[b.length] ?? most + 1;
}
