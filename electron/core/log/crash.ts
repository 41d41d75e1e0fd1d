import { sanitise } from './sanitise.ts';
import type { Log } from './log.ts';

/**
 * Writes what nobody caught to the log and, redacted, to stderr (Node's own report would show the secrets in it), then calls
 * `onCrash`, which ends the program: after an uncaught error its state is not known any more. Returns what takes it off again.
 */
export function installCrashHandlers(log: Log, onCrash: (error: unknown) => void): () => void {
  const report = (what: string, error: unknown): void => {
    log.error(what, { error });
    log.flush();
    process.stderr.write(`${what}: ${JSON.stringify(sanitise(error, log.redactor))}\nThe log is ${log.path}\n`);
    onCrash(error);
  };
  const onException = (error: unknown): void => {
    report('An error was not caught', error);
  };
  const onRejection = (error: unknown): void => {
    report('A failed promise was not caught', error);
  };
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return () => {
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}
