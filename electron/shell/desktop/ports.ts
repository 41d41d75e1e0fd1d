import { Notification, powerMonitor } from 'electron';

/** Sleep and wake, in the operating system's own words. After `ready`. */
export interface Power {
  onSuspend(listener: () => void): () => void;
  onResume(listener: () => void): () => void;
}

export function systemPower(): Power {
  return {
    onSuspend(listener) {
      powerMonitor.on('suspend', listener);
      return () => {
        powerMonitor.off('suspend', listener);
      };
    },
    onResume(listener) {
      powerMonitor.on('resume', listener);
      return () => {
        powerMonitor.off('resume', listener);
      };
    },
  };
}

/** A notification of the operating system, where it has any. */
export function notify(title: string, body: string): void {
  if (Notification.isSupported()) new Notification({ title, body }).show();
}
