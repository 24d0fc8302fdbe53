import { useStore, useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import classes from './GraphNodeCard.module.css';

/** Between dots, in the graph's measure. */
const gap = 20;

/** Below this zoom a node's second line cannot be read, and its name only if it is larger. */
const middleZoom = 0.5;

/** Below this one no word of a node can. */
const farZoom = 0.2;

const distanceAt = (zoom: number) => (zoom < farZoom ? 'far' : zoom < middleZoom ? 'middle' : 'near');

/**
 * What lies under a graph's nodes, and how much of them is drawn. The dots are a layer that is only shifted while one moves the canvas: drawn anew for each
 * frame, as React Flow's own, they cost more than all the nodes. A little away nodes have their names alone, from afar they are plain boxes in the colour of their state.
 */
export function Surface() {
  const store = useStoreApi();
  const dots = useRef<HTMLDivElement>(null);
  const distance = useStore((state) => distanceAt(state.transform[2]));
  useEffect(() => {
    dots.current?.closest('.react-flow')?.setAttribute('data-distance', distance);
  }, [distance]);
  useEffect(() => {
    let drawn = 0;
    const place = ({ transform: [x, y, zoom] }: ReturnType<typeof store.getState>) => {
      const size = gap * zoom;
      if (dots.current) {
        if (zoom !== drawn) {
          dots.current.style.backgroundSize = `${size}px ${size}px`;
          drawn = zoom;
        }
        dots.current.style.transform = `translate(${Math.round(x % size)}px, ${Math.round(y % size)}px)`;
      }
    };
    place(store.getState());
    return store.subscribe(place);
  }, [store]);
  return <div ref={dots} className={classes.dots} aria-hidden />;
}
