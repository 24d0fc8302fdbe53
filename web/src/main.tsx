import '@mantine/core/styles.css';
import './app/global.css';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '~/app/App';
import { nonce } from '~/lib/nonce';

if (nonce) {
  setNonce(nonce);
}

const root = document.getElementById('root');
if (!root) {
  throw new Error('The page has no root element.');
}
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
