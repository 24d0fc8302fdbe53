import { useEffect } from 'react';
import { strings } from '~/lib/strings';

/** What the window is called while the component stands. */
export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · ${strings.common.product}`;
  }, [title]);
}
