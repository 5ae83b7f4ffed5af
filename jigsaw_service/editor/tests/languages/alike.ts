/** Answers that are the same in two languages. */

/** Alike but for rounding, and for how a language spells what JavaScript has no answer to. */
export function alike(a: unknown, b: unknown, precision = 1e-9): boolean {
  if (a === null && isNoAnswer(b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => alike(item, b[i], precision));
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= precision * Math.max(1, Math.abs(a));
  return a === b || String(a).replace('inf', 'Infinity') === String(b);
}

/** JavaScript's way out where there is no answer. */
export function isNoAnswer(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isNoAnswer) || value.length === 0;
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value === 'number' && !Number.isFinite(value))
  );
}
