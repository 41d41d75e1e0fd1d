/** The two channels between the desktop shell's main process and its window. Nobody else names them. */
export const desktopChannels = {
  /** `RequestMessage` → `CallEnvelope`. */
  invoke: 'rackside:invoke',
  /** `EventEnvelope`, from the main process. */
  event: 'rackside:event',
} as const;
