/** What runs without asking as long as this page is open: everything by certain people, and certain files. */

/** Who, besides this person, had a hand in what a workspace holds. */
export interface Provenance {
  /** Names, each of which means one account. */
  others: readonly string[];
  /** How many files of unknown authors are in it. */
  files: number;
}

/** Kept nowhere but here. Event: `change`. */
export class TrustSession extends EventTarget {
  #agreed: Provenance | undefined;

  /** To what the person has agreed; undefined: to nothing. */
  get agreed(): Provenance | undefined {
    return this.#agreed;
  }

  covers({ others, files }: Provenance): boolean {
    const agreed = this.#agreed;
    return (
      agreed !== undefined &&
      files <= agreed.files &&
      others.every((name) => agreed.others.includes(name))
    );
  }

  agree(to: Provenance): void {
    this.#agreed = to;
    this.dispatchEvent(new Event('change'));
  }

  /** Somebody has changed something: whoever is not named ends it. */
  heard(name: string): void {
    if (this.#agreed?.others.includes(name) === false) this.end();
  }

  end(): void {
    if (!this.#agreed) return;
    this.#agreed = undefined;
    this.dispatchEvent(new Event('change'));
  }
}
