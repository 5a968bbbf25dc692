import { useTranslation } from 'react-i18next';
import words from './en/discover.json';
import { addWords } from './words.ts';

addWords('en', 'discover', words);

/** `useTranslation('discover')`; this module brings the words along, so pages that don't need them don't load them. */
export function useDiscoverWords() {
  return useTranslation('discover');
}
