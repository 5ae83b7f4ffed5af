/** Blockly's part of the editor: by far the largest, so the page around it is there first. */
export { Canvas } from '../canvas/canvas';
export { loadLanguage } from '../languages';
export { LiveClient } from '../live/liveClient';
