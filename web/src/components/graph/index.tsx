import { type ComponentProps, lazy, Suspense } from 'react';
import { Loading } from '../states';

const View = lazy(() => import('./GraphView'));

/** A graph to look at; what draws it comes only where there is one. */
export function GraphView(props: ComponentProps<typeof View>) {
  return (
    <Suspense fallback={<Loading lines={6} />}>
      <View {...props} />
    </Suspense>
  );
}
