/** From here on used CPU means *act* (the last step of the sequential scale, `visual.md`). */
export const isCpuHot = (percent: number): boolean => percent >= 90;

/** Less than a twentieth of what VMs may use is left: the next VM of usual size does not fit. */
export const isVmMemoryHot = (availableBytes: number, totalBytes: number | undefined): boolean =>
  totalBytes !== undefined && totalBytes > 0 && availableBytes < totalBytes * 0.05;

/** A filesystem or the memory this full wants a look. */
export const isSpaceHot = (usedPercent: number): boolean => usedPercent >= 90;
