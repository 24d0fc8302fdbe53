import { useCallback, useEffect, useRef, useState } from 'react';

const near = 80;

/** Keeps the end in sight while content grows, unless somebody scrolled up to read. */
export function useAtEnd() {
  const scroll = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stays = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const toEnd = useCallback(() => {
    stays.current = true;
    scroll.current?.scrollTo({ top: scroll.current.scrollHeight });
  }, []);
  useEffect(() => {
    const box = scroll.current;
    if (!box || !content.current) {
      return;
    }
    const look = () => {
      stays.current = box.scrollHeight - box.scrollTop - box.clientHeight < near;
      setAtEnd(stays.current);
    };
    const grown = new ResizeObserver(() => (stays.current ? toEnd() : look()));
    grown.observe(content.current);
    box.addEventListener('scroll', look, { passive: true });
    return () => {
      grown.disconnect();
      box.removeEventListener('scroll', look);
    };
  }, [toEnd]);
  return { scroll, content, atEnd, toEnd };
}
