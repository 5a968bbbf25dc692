import { Switch, type SwitchProps } from '@mantine/core';
import { forwardRef } from 'react';
import { type Field, first } from './field-words.ts';

type SwitchFieldProps = Field<SwitchProps>;
export const SwitchField = forwardRef<HTMLInputElement, SwitchFieldProps>(function SwitchField(
  { hint, error, ...rest },
  ref,
) {
  return <Switch ref={ref} description={hint} error={first(error)} {...rest} />;
});
