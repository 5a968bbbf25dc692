import { Radio } from '@mantine/core';
import type { ReactNode } from 'react';
import { first, type Words } from './field-words.ts';

export interface ChoiceFieldProps extends Words {
  name: string;
  options: { value: string; label: ReactNode; hint?: ReactNode }[];
  value?: string;
  defaultValue?: string;
  onChange?: (value: string) => void;
}

/** One of a few, all in sight. */
export function ChoiceField({ label, hint, error, name, options, value, defaultValue, onChange }: ChoiceFieldProps) {
  return (
    <Radio.Group
      name={name}
      label={label}
      description={hint}
      error={first(error)}
      value={value}
      defaultValue={defaultValue}
      onChange={onChange}
    >
      {options.map((option) => (
        <Radio key={option.value} value={option.value} label={option.label} description={option.hint} />
      ))}
    </Radio.Group>
  );
}
