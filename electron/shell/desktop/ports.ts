import { Notification, powerMonitor, powerSaveBlocker } from 'electron';

/** Sleep and wake, in the operating system's own words. After `ready`. */
export interface Power {
  onSuspend(listener: () => void): () => void;
  onResume(listener: () => void): () => void;
  readonly keepAwake: { readonly kind: 'can'; hold(): () => void };
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
    keepAwake: {
      kind: 'can',
      hold() {
        // The screen may go dark; the program and its connections go on.
        const id = powerSaveBlocker.start('prevent-app-suspension');
        return () => {
          powerSaveBlocker.stop(id);
        };
      },
    },
  };
}

/** A notification of the operating system, where it has any. */
export function notify(title: string, body: string): void {
  if (Notification.isSupported()) new Notification({ title, body }).show();
}
