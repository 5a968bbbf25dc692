import { useTranslation } from 'react-i18next';
import words from './en/admin.json';
import { addWords } from './words.ts';

addWords('en', 'admin', words);

/** `useTranslation('admin')`; this module brings the words along, so pages that don't need them don't load them. */
export function useAdminWords() {
  return useTranslation('admin');
}
