/** The XML isn't a workspace that can be opened. Lines and columns count from 1. */
export class InvalidWorkspace extends Error {
  constructor(
    message: string,
    readonly line?: number,
    readonly column?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'InvalidWorkspace';
  }
}
