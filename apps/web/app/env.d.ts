/// <reference types="vite/client" />
/// <reference types="@remix-run/node" />

declare global {
  /** Read by the scroll lock of Mantine's dialogs, which writes a style element and has to carry the page's nonce. */
  var __webpack_nonce__: string | undefined;
}

export {};
