import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge, CallEnvelope, EventEnvelope } from '#shared/contract/contract.ts';
import { desktopChannels } from '#shared/contract/desktop.ts';

/** Functions, promises and plain data only: the context bridge drops everything else. */
const bridge: Bridge = {
  async invoke(message) {
    // oxlint-disable-next-line typescript/no-unsafe-assignment -- Our main process answers with an envelope, whatever it is asked.
    const envelope: CallEnvelope = await ipcRenderer.invoke(desktopChannels.invoke, message);
    return envelope;
  },
  subscribe(listener) {
    const onEvent = (_event: unknown, envelope: EventEnvelope): void => {
      listener(envelope);
    };
    ipcRenderer.on(desktopChannels.event, onEvent);
    return () => {
      ipcRenderer.off(desktopChannels.event, onEvent);
    };
  },
};

contextBridge.exposeInMainWorld('rackside', bridge);
