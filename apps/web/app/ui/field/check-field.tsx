import { Checkbox, type CheckboxProps } from '@mantine/core';
import { forwardRef } from 'react';
import { type Field, first } from './field-words.ts';

type CheckFieldProps = Field<CheckboxProps>;
export const CheckField = forwardRef<HTMLInputElement, CheckFieldProps>(function CheckField(
  { hint, error, ...rest },
  ref,
) {
  return <Checkbox ref={ref} description={hint} error={first(error)} {...rest} />;
});
