/** What the editor page fetches when somebody opens the history. */
import '../styles/history.css';
import './panel';
import './stageView';

export { HistoryModel } from './model';
