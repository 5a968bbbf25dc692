import type { OrganizerEventView, UpdateEvent } from '@liventix/contracts/organizer';
import { useCallback, useEffect, useRef, useState } from 'react';
import { readError, trpc } from '~/platform/trpc.ts';

export type EventPatch = Omit<UpdateEvent, 'eventId'>;

export interface FieldProblem {
  code: string;
  words: string | null;
  details: Record<string, unknown>;
  /** What was refused, to send again with an answer. */
  patch: EventPatch;
}

export interface Autosave {
  state: 'saved' | 'saving' | 'unsaved' | 'offline';
  /** By field. */
  problems: Partial<Record<keyof EventPatch, FieldProblem>>;
  save: (patch: EventPatch, options?: { soon?: boolean }) => void;
}

const SOON_MS = 700;
const AGAIN_MS = 4_000;

const fieldOf = (patch: EventPatch, details: Record<string, unknown>): keyof EventPatch => {
  const issues = details.issues as { path?: PropertyKey[] }[] | undefined;
  const named = details.field ?? issues?.[0]?.path?.[0];
  return (typeof named === 'string' ? named : Object.keys(patch)[0]) as keyof EventPatch;
};

/**
 * Saves what was typed as it was typed: one request at a time, changes that come meanwhile go together with the next.
 * Without a connection they wait here and go when it is back; what the server refuses stays in its field with the reason.
 */
export function useAutosave(eventId: string, onSaved: (view: OrganizerEventView) => void): Autosave {
  const [state, setState] = useState<Autosave['state']>('saved');
  const [problems, setProblems] = useState<Autosave['problems']>({});
  const waiting = useRef<EventPatch>({});
  const running = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const saved = useRef(onSaved);
  saved.current = onSaved;

  const flush = useCallback(async () => {
    clearTimeout(timer.current);
    if (running.current || Object.keys(waiting.current).length === 0) return;
    const patch = waiting.current;
    waiting.current = {};
    running.current = true;
    setState('saving');
    let after: Autosave['state'] = 'saved';
    try {
      const view = await trpc.organizer.updateEvent.mutate({ eventId, ...patch });
      setProblems((all) => Object.fromEntries(Object.entries(all).filter(([field]) => !(field in patch))));
      saved.current(view);
    } catch (error) {
      const { code, words, details } = readError(error);
      if (code === 'OFFLINE' || code === 'BUSY' || code === 'UNKNOWN') {
        after = 'offline';
        waiting.current = { ...patch, ...waiting.current };
        timer.current = setTimeout(() => void flush(), AGAIN_MS);
      } else {
        after = 'unsaved';
        const field = fieldOf(patch, details);
        setProblems((all) => ({ ...all, [field]: { code, words, details, patch } }));
        // One refused field must not take the others down with it.
        const { [field]: _refused, ...rest } = patch;
        if (Object.keys(rest).length > 0) waiting.current = { ...rest, ...waiting.current };
      }
    }
    running.current = false;
    setState(after);
    if (after !== 'offline' && Object.keys(waiting.current).length > 0) void flush();
  }, [eventId]);

  const save = useCallback<Autosave['save']>(
    (patch, { soon = false } = {}) => {
      waiting.current = { ...waiting.current, ...patch };
      setState('saving');
      clearTimeout(timer.current);
      if (soon) timer.current = setTimeout(() => void flush(), SOON_MS);
      else void flush();
    },
    [flush],
  );

  useEffect(() => {
    const online = () => void flush();
    const leaving = (event: BeforeUnloadEvent) => {
      if (Object.keys(waiting.current).length > 0 || running.current) event.preventDefault();
    };
    window.addEventListener('online', online);
    window.addEventListener('beforeunload', leaving);
    return () => {
      window.removeEventListener('online', online);
      window.removeEventListener('beforeunload', leaving);
      void flush();
    };
  }, [flush]);

  return { state, problems, save };
}
