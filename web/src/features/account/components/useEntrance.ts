import { useRouter } from '@tanstack/react-router';
import type { AccountAnswer } from '~/generated/api';
import { enter } from '~/lib/session';

/** Takes in who signed in and goes to where they wanted to be. */
export function useEntrance(next?: string) {
  const router = useRouter();
  return (account: AccountAnswer) => {
    enter(account);
    router.history.push(next ?? '/');
  };
}
