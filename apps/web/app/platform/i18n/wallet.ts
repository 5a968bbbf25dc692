import { useTranslation } from 'react-i18next';
import words from './en/wallet.json';
import { addWords } from './words.ts';

addWords('en', 'wallet', words);

/** `useTranslation('wallet')`; this module brings the words along, so pages that don't need them don't load them. */
export function useWalletWords() {
  return useTranslation('wallet');
}
