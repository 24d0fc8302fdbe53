/** Every word that the web app says, by the area that says it. A namespace, so that a page brings only the words of its own areas. */
export * as strings from './strings/all';
