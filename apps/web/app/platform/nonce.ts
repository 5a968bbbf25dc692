import { createContext, useContext } from 'react';

const NonceContext = createContext('');

export const NonceProvider = NonceContext.Provider;

/**
 * The nonce that inline scripts and styles of this response must carry. Browsers hide the attribute after parsing,
 * so on the client it is read back once from the `csp-nonce` meta element (see `entry.client.tsx`).
 */
export function useNonce(): string {
  return useContext(NonceContext);
}
