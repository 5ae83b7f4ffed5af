/** Trust session: runs unasked while this page is open: all by certain people, certain files. */

/** Provenance: the people, besides this person, who had a hand in what a workspace holds. */
export interface Provenance {
  /** Names, each of which means one account. */
  others: readonly string[];
  /** Number of files of unknown authors in it. */
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

  /** Takes news of a change; one by a person who is not named ends the session. */
  heard(name: string): void {
    if (this.#agreed?.others.includes(name) === false) this.end();
  }

  end(): void {
    if (!this.#agreed) return;
    this.#agreed = undefined;
    this.dispatchEvent(new Event('change'));
  }
}
