import type { ChangeFact } from './facts.ts';
import { checkRecorded, pullMoved, pullObserved, threadAdded, threadResolved } from './pulls.ts';
import { sessionChatted, sessionCreated, sessionUpdated } from './sessions.ts';
import type { State } from './state.ts';

/** Folds one fact of `change_log`, in `seq` order. A fact that was folded before changes nothing. */
export function foldChange(state: State, fact: ChangeFact): void {
  if (fact.seq <= state.progress.changeLog) return;
  state.progress.changeLog = fact.seq;
  switch (fact.type) {
    case 'session_updated':
      return sessionUpdated(state, fact);
    case 'session_created':
      return sessionCreated(state, fact);
    case 'session_chatted':
      return sessionChatted(state, fact);
    case 'pr_created':
    case 'pr_updated':
      return pullObserved(state, fact);
    case 'pr_session_changed':
      return pullMoved(state, fact);
    case 'pr_check_recorded':
      return checkRecorded(state, fact);
    case 'pr_review_thread_added':
      return threadAdded(state, fact);
    case 'pr_review_thread_resolved':
      return threadResolved(state, fact);
  }
}
