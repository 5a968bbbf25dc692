import { useTranslation } from 'react-i18next';
import words from './en/demo.json';
import { addWords } from './words.ts';

addWords('en', 'demo', words);

/** `useTranslation('demo')`; this module brings the words along, so pages that don't need them don't load them. */
export function useDemoWords() {
  return useTranslation('demo');
}
