import { useTranslation } from 'react-i18next';
import words from './en/waiting-room.json';
import { addWords } from './words.ts';

addWords('en', 'waitingRoom', words);

/** `useTranslation('waitingRoom')`; this module brings the words along, so pages that don't need them don't load them. */
export function useWaitingRoomWords() {
  return useTranslation('waitingRoom');
}
