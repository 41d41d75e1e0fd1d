import { lockDataFolder } from '../../../electron/core/db/lock.ts';

// Takes the lock, says where it can be asked, and stays until it is killed.
const attempt = lockDataFolder(process.argv[2] ?? '', { now: () => 1234 });
if (attempt.kind === 'acquired') attempt.lock.setEndpoint('http://127.0.0.1:1/ask');
process.stdout.write(`${attempt.kind}\n`);
// What nothing refers to any more may be collected, and its connection closed with it.
setInterval(() => attempt.kind, 1000);
