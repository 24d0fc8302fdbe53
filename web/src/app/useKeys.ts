import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { places } from '~/app/places';

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** `g` and a letter goes somewhere, `?` shows the keys; never while somebody types. */
export function useKeys(showKeys: () => void) {
  const navigate = useNavigate();
  useEffect(() => {
    let goes = 0;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
        return;
      }
      if (event.key === '?') {
        showKeys();
      } else if (event.key === 'g') {
        goes = Date.now();
      } else if (Date.now() - goes < 1_500) {
        goes = 0;
        const to = places.find((place) => place.key === event.key)?.to;
        if (to) {
          void navigate({ to });
        }
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [navigate, showKeys]);
}
