import { liveView } from './live/live.ts';
import type { View } from './view.ts';

/** Every view, in the order in which they are offered. */
export const VIEWS: readonly View[] = [liveView];
