import { useEffect, useRef } from 'react';
import { askFor } from '~/platform/confirm.ts';

/**
 * A form that the server refused because the sign-in is old: opens the dialog, and sends the same again when the user has
 * confirmed. `refused` changes its identity with every answer.
 */
export function useFreshForm(refused: object | undefined, sendAgain: () => void): void {
  const send = useRef(sendAgain);
  send.current = sendAgain;
  useEffect(() => {
    if (refused) void askFor('FRESH_SIGN_IN_REQUIRED').then((done) => done && send.current());
  }, [refused]);
}
