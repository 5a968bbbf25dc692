import { useState } from 'react';
import { useSecurityWords } from '~/platform/i18n/security.ts';
import { errorWords } from './say-error.ts';

/** One piece of work at a time: which is under way, and what went wrong with the last. */
export function useWork() {
  const { t } = useSecurityWords();
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const work = async (name: string, run: () => Promise<void>, sayWhy?: (error: unknown) => string | null) => {
    setBusy(name);
    setProblem(null);
    try {
      await run();
    } catch (error) {
      setProblem(sayWhy?.(error) ?? errorWords(error, t));
    } finally {
      setBusy(null);
    }
  };
  return { busy, problem, work };
}
