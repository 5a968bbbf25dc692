import { useTranslation } from 'react-i18next';
import words from './en/account.json';
import { addWords } from './words.ts';

addWords('en', 'account', words);

/** `useTranslation('account')`; this module brings the words along, so pages that don't need them don't load them. */
export function useAccountWords() {
  return useTranslation('account');
}
