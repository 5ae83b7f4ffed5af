/** Theme: the looks of the blocks, by day and by night. */
import * as Blockly from 'blockly/core';

/**
 * One colour for each category, all dark enough for white writing (a contrast of 4.5 or more) and
 * the same in both themes, so that people find a block again by its colour.
 */
export const COLOURS: Readonly<Record<string, string>> = {
  logic: '#2f6fd0',
  loop: '#13795b',
  math: '#4a7a12',
  text: '#9a6200',
  list: '#7a4fd0',
  dictionary: '#5659c9',
  colour: '#ad3f92',
  variable: '#b5500c',
  variable_dynamic: '#b5500c',
  procedure: '#c2345c',
  hat: '#2f6fd0',
  code: '#56657a',
  error: '#b3402f',
  plot: '#0b7582',
  data: '#6b6a10',
  drawing: '#0b7582',
  pixels: '#5659c9',
  unknown: '#6a7178',
};

/** Darkens a `#rrggbb` colour; `share` is what remains of each channel. */
function shade(colour: string, share: number): string {
  const channel = (start: number) =>
    Math.round(Number.parseInt(colour.slice(start, start + 2), 16) * share)
      .toString(16)
      .padStart(2, '0');
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

function blockStyles(): Record<string, Partial<Blockly.Theme.BlockStyle>> {
  const styles = Object.entries(COLOURS).map(([name, colour]) => [
    `${name}_blocks`,
    {
      colourPrimary: colour,
      colourSecondary: shade(colour, 0.86),
      colourTertiary: shade(colour, 0.74),
      ...(name === 'hat' && { hat: 'cap' }),
    },
  ]);
  return Object.fromEntries(styles) as Record<string, Partial<Blockly.Theme.BlockStyle>>;
}

function categoryStyles(): Record<string, Blockly.Theme.CategoryStyle> {
  return Object.fromEntries(
    Object.entries(COLOURS).map(([name, colour]) => [`${name}_category`, { colour }]),
  );
}

const shared = {
  base: Blockly.Themes.Zelos,
  blockStyles: blockStyles(),
  categoryStyles: categoryStyles(),
  fontStyle: {
    family: 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif',
    weight: '500',
    size: 11,
  },
  startHats: false,
};

export const LIGHT = Blockly.Theme.defineTheme('jigsaw-light', {
  ...shared,
  name: 'jigsaw-light',
  componentStyles: {
    workspaceBackgroundColour: '#fbfbfd',
    toolboxBackgroundColour: '#f1f2f6',
    toolboxForegroundColour: '#22252b',
    flyoutBackgroundColour: '#e6e8ee',
    flyoutForegroundColour: '#30343c',
    flyoutOpacity: 1,
    scrollbarColour: '#9aa1ad',
    scrollbarOpacity: 0.6,
    insertionMarkerColour: '#20242c',
    insertionMarkerOpacity: 0.25,
    cursorColour: '#c2345c',
    selectedGlowColour: '#f5a400',
  },
});

export const DARK = Blockly.Theme.defineTheme('jigsaw-dark', {
  ...shared,
  name: 'jigsaw-dark',
  componentStyles: {
    workspaceBackgroundColour: '#16181d',
    toolboxBackgroundColour: '#1f2229',
    toolboxForegroundColour: '#eceef2',
    flyoutBackgroundColour: '#292d36',
    flyoutForegroundColour: '#dfe2e8',
    flyoutOpacity: 1,
    scrollbarColour: '#79808d',
    scrollbarOpacity: 0.6,
    insertionMarkerColour: '#ffffff',
    insertionMarkerOpacity: 0.35,
    cursorColour: '#ffb3c7',
    selectedGlowColour: '#ffc247',
  },
});

export const themeFor = (dark: boolean) => (dark ? DARK : LIGHT);

/**
 * CSS for what a theme of Blockly's cannot say. Follows the theme through its class on the editor.
 * Nothing can be joined to a block in the flyout, and joints would be figures in a list of options.
 */
export const CSS = `
.blocklyToolbox { padding: 6px 0; border-inline-end: 1px solid rgb(127 127 127 / 0.22); }
.blocklyToolboxCategory { height: auto; line-height: 1.3; margin: 1px 6px; padding: 0; border-radius: 8px; }
.blocklyToolboxCategoryContainer .blocklyTreeRowContentContainer,
.blocklyToolboxCategory .blocklyTreeRowContentContainer { padding: 6px 10px 6px 4px; }
.blocklyToolboxCategory:not(.blocklyToolboxSelected):hover { background-color: rgb(127 127 127 / 0.18); }
.blocklyToolboxCategoryLabel { font: 500 14px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
.blocklyToolboxSearch { pointer-events: auto; box-sizing: border-box; inline-size: 136px; margin: 2px 8px 6px; padding: 5px 10px;
  border: 1px solid rgb(127 127 127 / 0.5); border-radius: 999px; background: transparent; color: inherit; font: 14px system-ui, sans-serif; }
.blocklyToolboxSearch::placeholder { color: inherit; opacity: 0.75; }
.blocklyFlyout .blocklyHighlightedConnectionPath { display: none; }
.blocklyFlyoutLabelText { font: 600 14px system-ui, sans-serif; }
.blocklyMainBackground { stroke: none; }
.blocklyReadOnly .blocklyTrash { display: none; }
/* Blockly leaves the lid ajar where blocks can be restored, which looks broken. */
.blocklyTrash.blocklyTrashFull:not(:hover, :focus, .blocklyTrashOpen) .blocklyTrashLid { rotate: 0deg; }
.blocklyTreeSeparator { border-block-end-color: rgb(127 127 127 / 0.35); }
.blockly-ws-search { inset-block-start: 12px; border-radius: 10px; border-color: rgb(127 127 127 / 0.4); box-shadow: 0 4px 16px rgb(0 0 0 / 0.25); }
.blockly-ws-search-input input { padding: 4px 6px; font: 14px system-ui, sans-serif; }
.blockly-ws-search button { min-inline-size: 28px; background-position: center; cursor: pointer; }
`;
