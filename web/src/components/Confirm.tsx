import { onOpening } from './onDemand';

/** Asks before something is done that cannot be undone. */
export const Confirm = onOpening(() => import('./ConfirmDialog').then((file) => file.ConfirmDialog));
