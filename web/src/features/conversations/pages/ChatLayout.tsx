import { Outlet, useParams, useSearch } from '@tanstack/react-router';
import classes from '../components/Chat.module.css';
import { ConversationList } from '../components/ConversationList';

/** The conversations beside the one that is open; on a phone one of both. */
export function ChatLayout() {
  const { id } = useParams({ strict: false });
  const { agent, begin } = useSearch({ from: '/app/chat' });
  return (
    <div className={classes.layout} data-talks={id ?? agent ?? begin}>
      <ConversationList />
      <Outlet />
    </div>
  );
}
