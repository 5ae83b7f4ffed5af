/** The moments at which unsaved work must go out, besides the pause after a change. */
import type { Client } from '../api/client';
import type { WorkspaceSaver } from './workspaceSaver';

export function saveAtTheRightMoments(saver: WorkspaceSaver, client: Client): void {
  addEventListener('online', () => void saver.saveNow());
  client.addEventListener('signed-in', () => void saver.saveNow());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') saver.leave();
  });
  addEventListener('pagehide', () => {
    saver.leave();
  });
  addEventListener('beforeunload', (event) => {
    if (saver.hasUnsavedWork) event.preventDefault();
  });
}
