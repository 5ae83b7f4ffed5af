/** The page's icons: 20 × 20, drawn with the colour of the text around them, each with one line. */
import { html, type TemplateResult } from 'lit';

const PATHS = {
  arrowDown: 'm5 8 5 5 5-5',
  check: 'm4 10.500 4 4 8-9',
  close: 'm5 5 10 10M15 5 5 15',
  copy: 'M9 7h5.5a2 2 0 0 1 2 2v5.5a2 2 0 0 1-2 2h-5.5a2 2 0 0 1-2-2v-5.5a2 2 0 0 1 2-2ZM4.5 13H4a1 1 0 0 1-1-1V4.5A1.5 1.5 0 0 1 4.500 3H12a1 1 0 0 1 1 1v.5',
  export:
    'M10 3v9m-3.500-3.500L10 12l3.500-3.500M3.500 14v1.500A1.500 1.500 0 0 0 5 17h10a1.500 1.500 0 0 0 1.500-1.500V14',
  find: 'M3.5 9a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0ZM13.200 13.200l3.800 3.800',
  fit: 'M3 7V4.500A1.500 1.500 0 0 1 4.500 3H7m6 0h2.500A1.500 1.500 0 0 1 17 4.500V7m0 6v2.500a1.500 1.500 0 0 1-1.500 1.500H13m-6 0H4.500A1.500 1.500 0 0 1 3 15.500V13',
  history:
    'M3.500 10a6.500 6.500 0 1 0 2-4.700L3.500 7.200M3.500 3.500v3.700h3.700M10 6.500V10l2.500 1.700',
  import:
    'M10 12V3M6.500 6.500 10 3l3.500 3.500M3.500 14v1.500A1.500 1.500 0 0 0 5 17h10a1.500 1.500 0 0 0 1.500-1.500V14',
  more: 'M3.8 10a0.7 0.7 0 1 0 1.4 0a0.7 0.7 0 1 0-1.4 0ZM9.3 10a0.7 0.7 0 1 0 1.4 0a0.7 0.7 0 1 0-1.4 0ZM14.8 10a0.7 0.7 0 1 0 1.4 0a0.7 0.7 0 1 0-1.4 0Z',
  open: 'M11.500 3.500h5v5M16.500 3.500 9 11M8 4.500H5A1.500 1.500 0 0 0 3.500 6v9A1.500 1.500 0 0 0 5 16.500h9a1.500 1.500 0 0 0 1.500-1.500v-3',
  pencil: 'm12.500 4.500 3 3L7 16l-3.700.700L4 13l8.500-8.500Z',
  plus: 'M10 4v12M4 10h12',
  redo: 'M16.500 8.500H8a4 4 0 0 0 0 8h3M13 5l3.500 3.500L13 12',
  restart: 'M16.500 10a6.500 6.500 0 1 1-2-4.700l2 1.900M16.500 3.500v3.700h-3.700',
  run: 'M6 4.200v11.600a.6.6 0 0 0 .9.500l9.300-5.800a.6.6 0 0 0 0-1L6.900 3.700a.6.6 0 0 0-.9.500Z',
  share:
    'M4.5 7a3 3 0 1 0 6 0a3 3 0 1 0-6 0ZM2 16.500c.5-3 2.700-4.500 5.500-4.500 1.200 0 2.300.300 3.200.8M15 11.500v5M12.500 14h5',
  stop: 'M6.5 5h7a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5h-7a1.5 1.5 0 0 1-1.5-1.5v-7a1.5 1.5 0 0 1 1.5-1.5Z',
  trash:
    'M3.500 5.500h13M8 5.500V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.500M5.500 5.500l.7 10a1.500 1.500 0 0 0 1.500 1.500h4.600a1.500 1.500 0 0 0 1.500-1.500l.7-10M8.500 9v4.500M11.500 9v4.500',
  undo: 'M3.500 8.500H12a4 4 0 0 1 0 8H9M7 5 3.500 8.500 7 12',
  warning: 'M10 3.500 17.500 16h-15L10 3.500ZM10 8v4M10 14v.1',
} satisfies Record<string, string>;

export type IconName = keyof typeof PATHS;

/** Icons that point along the line of reading, and turn round in right-to-left languages. */
const DIRECTED: readonly IconName[] = ['open', 'undo', 'redo', 'run'];

/** Icons that are figures rather than lines. */
const FILLED: readonly IconName[] = ['run', 'stop'];

/** One template serves all of them: a page has many, and each template costs the browser a document. */
export function icon(name: IconName): TemplateResult {
  return html`<svg
    class="icon ${DIRECTED.includes(name) ? 'directed' : ''} ${FILLED.includes(name) ? 'filled' : ''}"
    viewBox="0 0 20 20"
    aria-hidden="true"
  >
    <path d=${PATHS[name]} />
  </svg>`;
}

/** The mark of the service: a jigsaw piece. */
export function logo(): TemplateResult {
  return html`<svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
    <path
      d="M4 9a3 3 0 0 1 3-3h5.600a3.600 3.600 0 1 1 6.800 0H23a3 3 0 0 1 3 3v5.600a3.600 3.600 0 1 1 0 6.800V26a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3v-4.600a3.600 3.600 0 1 0 0-6.800Z"
    />
  </svg>`;
}
