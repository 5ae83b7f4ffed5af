/** A terminal of somebody else's, for ours to be compared with. */
import { execFileSync } from 'node:child_process';
import { PYTHON } from '../languages/python/python3';

const SCRIPT = `
import json, sys
import pyte
from pyte.modes import LNM

def shown(pieces):
    screen = pyte.Screen(1000, 200)
    # What a program prints goes through a terminal's driver, which makes line feeds go back, too.
    screen.set_mode(LNM)
    stream = pyte.Stream(screen)
    for piece in pieces:
        # It deletes lines rightly only where all of them are there.
        for row in range(200):
            screen.buffer[row]
        stream.feed(piece)
    lines = [screen.buffer[row] for row in range(200)]
    texts = ["".join(line[x].data for x in range(max(line, default=-1) + 1)) for line in lines]
    return "\\n".join(text.rstrip() for text in texts).rstrip()

json.dump([shown(pieces) for pieces in json.load(sys.stdin)], sys.stdout)
`;

/** What each terminal shows after these texts, without spaces at the ends of lines and empty lines at the end. */
export function shownByPyte(written: readonly (readonly string[])[]): string[] {
  const output = execFileSync(PYTHON, ['-c', SCRIPT], {
    input: JSON.stringify(written),
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output.toString()) as string[];
}
