/** What knows Blockly: by far the most of the editor, so the page around the blocks is there before it. */
export { Canvas } from '../canvas/canvas';
export { loadLanguage } from '../languages';
export { LiveClient } from '../live/liveClient';
