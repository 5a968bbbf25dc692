import { useTranslation } from 'react-i18next';
import words from './en/checkout.json';
import { addWords } from './words.ts';

addWords('en', 'checkout', words);

/** `useTranslation('checkout')`; this module brings the words along, so pages that don't need them don't load them. */
export function useCheckoutWords() {
  return useTranslation('checkout');
}
