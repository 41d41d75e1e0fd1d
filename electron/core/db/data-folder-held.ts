import { ProblemError } from '#shared/problems.ts';

/** Another instance has the data folder. `endpoint` is where to ask it; `null` for the moment in which it has not told yet. */
export class DataFolderHeld extends ProblemError {
  readonly endpoint: string | null;

  constructor(dataFolder: string, endpoint: string | null) {
    super({
      code: 'data-folder-in-use',
      message: `Another Rackside uses the data folder ${dataFolder}.`,
      advice: 'Use that one, close it, or start this one with another folder: --data-dir DIR.',
    });
    this.endpoint = endpoint;
  }
}
