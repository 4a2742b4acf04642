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
      sessionUpdated(state, fact);
      break;
    case 'session_created':
      sessionCreated(state, fact);
      break;
    case 'session_chatted':
      sessionChatted(state, fact);
      break;
    case 'pr_created':
    case 'pr_updated':
      pullObserved(state, fact);
      break;
    case 'pr_session_changed':
      pullMoved(state, fact);
      break;
    case 'pr_check_recorded':
      checkRecorded(state, fact);
      break;
    case 'pr_review_thread_added':
      threadAdded(state, fact);
      break;
    case 'pr_review_thread_resolved':
      threadResolved(state, fact);
      break;
  }
}
