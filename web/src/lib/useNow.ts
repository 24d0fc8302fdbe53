import { useEffect, useState } from 'react';

/** The time, which goes on: what says "3 minutes ago" stays true. */
export function useNow(every = 15_000) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
