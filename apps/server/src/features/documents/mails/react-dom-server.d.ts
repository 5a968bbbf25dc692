/** What of React's renderer the mails use; its own types are those of a browser's program. */
declare module 'react-dom/server' {
  export function renderToStaticMarkup(element: import('react').ReactElement): string;
}
