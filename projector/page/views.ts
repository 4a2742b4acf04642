import { activityView } from './activity/activity.ts';
import { crashesView } from './crashes/crashes.ts';
import { explainView } from './explain/explain.ts';
import { funnelView } from './funnel/funnel.ts';
import { liveView } from './live/live.ts';
import { playbackView } from './playback/playback.ts';
import { stuckView } from './stuck/stuck.ts';
import { subjectView } from './subject/subject.ts';
import type { View } from './view.ts';

/** Every view, in the order in which they are offered. */
export const VIEWS: readonly View[] = [
  funnelView,
  stuckView,
  crashesView,
  activityView,
  liveView,
  playbackView,
  subjectView,
  explainView,
];
