/** History panel and its style, fetched by the editor page when somebody opens the history. */
import '../styles/history.css';
import './panel';
import './stageView';

export { HistoryModel } from './model';
