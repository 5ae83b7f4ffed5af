/** Lifecycle events of the page at which the connection acts, besides messages and edits. */
import type { Client } from '../api/client';
import type { LiveClient } from './liveClient';

export interface Watched {
  /** The connection of the moment; it may be replaced by another. */
  live(): LiveClient | undefined;
  /** Writes down what is unsent. */
  flushUnsent(): void;
}

export function watchLifecycle(watched: Watched, client: Client): void {
  addEventListener('online', () => {
    watched.live()?.resume();
  });
  addEventListener('offline', () => {
    watched.live()?.disconnect();
  });
  client.addEventListener('signed-in', () => {
    watched.live()?.resume();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') watched.flushUnsent();
    else if (!watched.live()?.isSignedOut) watched.live()?.resume();
  });
  addEventListener('pagehide', () => {
    watched.flushUnsent();
  });
  addEventListener('beforeunload', (event) => {
    watched.flushUnsent();
    if (watched.live()?.hasUnsavedWork) event.preventDefault();
  });
}
