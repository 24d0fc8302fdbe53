import { type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react';

/** A component that comes when it is first shown: what a page's first sight does not need. */
export function onDemand<P extends object>(load: () => Promise<ComponentType<P>>, meanwhile: ReactNode = null) {
  const Late = lazy(async () => ({ default: await load() }));
  return function OnDemand(props: P) {
    return (
      <Suspense fallback={meanwhile}>
        <Late {...props} />
      </Suspense>
    );
  };
}

/** A dialog that comes when it is first opened, and stays. */
export function onOpening<P extends { opened: boolean }>(load: () => Promise<ComponentType<P>>) {
  const Late = onDemand(load);
  return function OnOpening(props: P) {
    const [wanted, setWanted] = useState(props.opened);
    if (props.opened && !wanted) {
      setWanted(true);
    }
    return wanted ? <Late {...props} /> : null;
  };
}
