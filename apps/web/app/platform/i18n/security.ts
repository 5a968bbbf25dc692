import { useTranslation } from 'react-i18next';
import words from './en/security.json';
import { addWords } from './words.ts';

addWords('en', 'security', words);

/** `useTranslation('security')`; this module brings the words along, so pages that don't need them don't load them. */
export function useSecurityWords() {
  return useTranslation('security');
}
