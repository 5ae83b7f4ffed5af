/** Code diff: two programs compared line by line, with some lines around. */

export interface Line {
  kind: 'same' | 'added' | 'removed';
  /** Its number in the two programs. */
  before: number | undefined;
  after: number | undefined;
  text: string;
}

/** Lines around a difference. */
const CONTEXT = 3;

/** Milliseconds after which programs are too different to be told apart line by line. */
const PATIENCE = 60;

/** Stretches of lines; undefined where the two have too little in common. */
export async function diffCode(before: string, after: string): Promise<Line[][] | undefined> {
  const { structuredPatch } = await import('diff');
  const options = { context: CONTEXT, timeout: PATIENCE };
  const patch = structuredPatch('', '', before, after, '', '', options);
  return patch?.hunks.map(({ oldStart, newStart, lines }) => {
    let [old, now] = [oldStart, newStart];
    return lines
      .filter((line) => !line.startsWith('\\'))
      .map((line) => {
        const kind = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same';
        return {
          kind,
          before: kind === 'added' ? undefined : old++,
          after: kind === 'removed' ? undefined : now++,
          text: line.slice(1),
        } as const;
      });
  });
}
