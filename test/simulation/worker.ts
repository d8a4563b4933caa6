import { parentPort, workerData } from 'node:worker_threads';
import { type Campaign, playAll } from './campaign.ts';

// Its share of the worlds, until it is ended.
for await (const played of playAll(workerData as Campaign)) parentPort?.postMessage(played);
