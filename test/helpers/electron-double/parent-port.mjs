// Makes a forked process look as Electron's utility process does from within: `process.parentPort`, and no channel of Node's.
import { EventEmitter } from 'node:events';

const send = process.send?.bind(process);
const port = new EventEmitter();
process.on('message', (data) => port.emit('message', { data }));
// A utility process ends with the program that started it, whatever it does itself.
process.on('disconnect', () => process.exit(0));
Object.assign(port, { postMessage: (/** @type {unknown} */ message) => void send?.(message) });
Object.defineProperty(process, 'parentPort', { value: port });
Object.defineProperty(process, 'send', { value: undefined });
