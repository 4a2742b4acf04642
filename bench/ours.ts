import { pathToFileURL } from 'node:url';
import { packagePath, pathsOf } from '../projector/store/paths.ts';

/**
 * Rebuilds the data directory that AO_DATA_DIR names, with the built program, and prints how long that took. The build is not
 * imported by its path, so that the types can be checked where nothing is built.
 */
const built = <T>(path: string): Promise<T> => import(pathToFileURL(packagePath('dist', 'projector', path)).href);
const { Store } = await built<typeof import('../projector/store/store.ts')>('store/store.js');
const { keepHeapSmall } = await built<typeof import('../projector/pipeline/small-heap.ts')>('pipeline/small-heap.js');
const { rebuild } = await built<typeof import('../projector/pipeline/rebuild.ts')>('pipeline/rebuild.js');

keepHeapSmall();
const store = Store.open({ paths: pathsOf(process.env), events: true, now: Date.now, pid: process.pid });
const began = performance.now();
for (const _ of rebuild(store));
const ms = performance.now() - began;
store.close();
console.log(JSON.stringify({ ms }));
