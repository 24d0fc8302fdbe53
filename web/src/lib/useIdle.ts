import { useEffect, useState } from 'react';

/** True once the page stands and the browser has nothing better to do: the time to fetch what may be wanted next. */
export function useIdle() {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    // Safari has no requestIdleCallback.
    const ask = window.requestIdleCallback ?? ((then: () => void) => window.setTimeout(then, 500));
    const forget = window.cancelIdleCallback ?? window.clearTimeout;
    const asked = ask(() => setIdle(true), { timeout: 3_000 });
    return () => forget(asked);
  }, []);
  return idle;
}
