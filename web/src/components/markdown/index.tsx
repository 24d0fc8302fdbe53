import { lazy, Suspense } from 'react';
import classes from './Markdown.module.css';

const Rendered = lazy(() => import('./Rendered'));

/** Text that others wrote, as Markdown: HTML in it stays text, pictures from elsewhere stay links. Until the renderer is there, as it is written. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      <Suspense fallback={<div className={classes.plain}>{text}</div>}>
        <Rendered text={text} />
      </Suspense>
    </div>
  );
}
