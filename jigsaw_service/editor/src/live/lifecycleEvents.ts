/** Lifecycle events of the page at which the connection acts, besides messages and edits. */
import type { Client } from '../api/client';
import type { LiveClient } from './liveClient';

export interface Watched {
  /** The connection of the moment; it may be replaced by another. */
  live(): LiveClient | undefined;
  /** Writes down what is unsent. */
  keep(): void;
}

export function watchLifecycle(watched: Watched, client: Client): void {
  addEventListener('online', () => {
    watched.live()?.resume();
  });
  addEventListener('offline', () => {
    watched.live()?.lose();
  });
  client.addEventListener('signed-in', () => {
    watched.live()?.resume();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') watched.keep();
    else if (!watched.live()?.isSignedOut) watched.live()?.resume();
  });
  addEventListener('pagehide', () => {
    watched.keep();
  });
  addEventListener('beforeunload', (event) => {
    watched.keep();
    if (watched.live()?.hasUnsavedWork) event.preventDefault();
  });
}
