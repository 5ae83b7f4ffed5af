/** Layout of blocks, code and output: side by side, or as tabs in a narrow window. */
import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../i18n';
import { splitter } from '../ui/splitter';
import { tabName, type Tab } from './editorView';

export interface Layout {
  narrow: boolean;
  /** The tab that a narrow window shows. */
  tab: Tab;
  /** Percent of the width that the blocks take, and of the height that the code takes. */
  columns: number;
  rows: number;
}

/** Panels: the content of each tab. */
export type Panels = Record<Tab, TemplateResult | typeof nothing>;

/** Windows up to this wide show one part at a time. */
export const NARROW = '(max-width: 700px)';

export function arranged(
  layout: Layout,
  panels: Panels,
  change: (part: Partial<Layout>) => void,
  /** Shown instead of code and output, for as long as it is there. */
  instead: TemplateResult | typeof nothing,
): TemplateResult {
  const { narrow, columns, rows } = layout;
  const panel = (tab: Tab) => panelView(tab, panels[tab], layout);
  const between = (
    label: string,
    orientation: 'vertical' | 'horizontal',
    part: 'columns' | 'rows',
  ) =>
    narrow
      ? nothing
      : splitter({
          label,
          orientation,
          value: layout[part],
          change: (value) => {
            change({ [part]: value });
          },
        });
  return html`<div
    class="editor ${narrow ? 'narrow' : ''} ${instead === nothing ? '' : 'beside'}"
    style="--blocks: ${columns}fr; --side: ${100 - columns}fr"
  >
    ${panel('blocks')} ${between(t('editor.splitColumns'), 'vertical', 'columns')}
    <div
      class="side"
      ?inert=${instead !== nothing}
      style="--code: ${rows}fr; --output: ${100 - rows}fr"
    >
      ${panel('code')} ${between(t('editor.splitRows'), 'horizontal', 'rows')} ${panel('output')}
    </div>
    ${instead}
  </div>`;
}

function panelView(
  tab: Tab,
  content: TemplateResult | typeof nothing,
  { narrow, tab: shown }: Layout,
): TemplateResult {
  return html`<div
    id="panel-${tab}"
    class="panel panel-${tab}"
    role=${narrow ? 'tabpanel' : nothing}
    aria-labelledby=${narrow ? `tab-${tab}` : nothing}
    ?hidden=${narrow && shown !== tab}
  >
    <section aria-label=${tabName(tab)}>${content}</section>
  </div>`;
}
