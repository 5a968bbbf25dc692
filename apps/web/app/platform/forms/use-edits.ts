import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Edits, type EditsOptions, type EditsView } from './edits.ts';

/** The edits of one form, for as long as it is open. Leaving the page with something unsaved asks first. */
export function useEdits<V extends object>(options: EditsOptions<V>): EditsView<V> & { edits: Edits<V> } {
  const latest = useRef(options);
  latest.current = options;
  const [edits] = useState(
    () =>
      new Edits<V>({
        stored: options.stored,
        auto: options.auto,
        send: (change, edition, answers) => latest.current.send(change, edition, answers),
        current: (details) => latest.current.current(details),
      }),
  );
  const view = useSyncExternalStore(edits.subscribe, edits.view, edits.view);
  const { auto } = options;
  useEffect(() => {
    if (!auto) return;
    const online = () => void edits.flush();
    const leaving = (event: BeforeUnloadEvent) => {
      if (edits.view().state !== 'saved') event.preventDefault();
    };
    window.addEventListener('online', online);
    window.addEventListener('beforeunload', leaving);
    return () => {
      window.removeEventListener('online', online);
      window.removeEventListener('beforeunload', leaving);
      void edits.flush();
    };
  }, [edits, auto]);
  return { ...view, edits };
}
