/** What the app and the process of the demo region say to each other; the words themselves are shared with the app. */
export { defaultDemoOptions } from '#shared/model/demo.ts';
export type { DemoHostKey, DemoOptions, FromDemo, ToDemo, WorldFault } from '#shared/model/demo.ts';
