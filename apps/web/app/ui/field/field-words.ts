import type { ReactNode } from 'react';

export interface Words {
  label: ReactNode;
  /** Under the label, before anything went wrong. */
  hint?: ReactNode;
  /** What is wrong and what to do; a list shows its first sentence. */
  error?: ReactNode | string[];
}

export const first = (error: Words['error']): ReactNode => (Array.isArray(error) ? error[0] : error);

export type Field<P> = Omit<P, 'label' | 'description' | 'error'> & Words;
