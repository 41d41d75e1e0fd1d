import { expect } from 'vitest';

/** An operation's id, whichever it is: a UUID in lower case. */
export const anOperationId: unknown = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
