/** Something the service, or the way to it, refused: RFC 9457 as a JavaScript error. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    /** Slug of the problem: `not-found`, `workspace-changed`, …; `offline` when nobody answered. */
    readonly slug: string,
    readonly title: string,
    /** HTTP status; 0 when nobody answered. */
    readonly status: number,
    readonly detail: string,
    /** All further members of the problem document. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail || title);
  }

  /** True if the same request may succeed later without anybody changing it. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The problem an answer holds; answers of a proxy that know nothing of us become one, too. */
export async function problemOf(answer: Response): Promise<ApiProblem> {
  const type = answer.headers.get('Content-Type') ?? '';
  if (type.includes('json')) {
    try {
      const {
        type: uri,
        title,
        detail,
        ...members
      } = (await answer.json()) as Record<string, unknown>;
      const slug = typeof uri === 'string' ? (uri.split('/').pop() ?? '') : '';
      return new ApiProblem(slug, text(title), answer.status, text(detail), members);
    } catch {
      // Said to be JSON and is not: the status is all there is.
    }
  }
  const slug = answer.status === 413 ? 'too-large' : 'unexpected-answer';
  return new ApiProblem(slug, answer.statusText, answer.status, '');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
