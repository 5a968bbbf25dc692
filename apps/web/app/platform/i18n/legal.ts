import { useTranslation } from 'react-i18next';
import words from './en/legal.json';
import { addWords } from './words.ts';

addWords('en', 'legal', words);

/** `useTranslation('legal')`; this module brings the words along, so pages that don't need them don't load them. */
export function useLegalWords() {
  return useTranslation('legal');
}
