/** How a tool's standing looks: what waits for somebody is amber. */
export const toneOf = (status: string) => ({ accepted: 'succeeded', new: 'waiting', changed: 'waiting', gone: 'canceled' })[status] ?? status;
