import { NativeSelect, type NativeSelectProps } from '@mantine/core';
import { forwardRef } from 'react';
import { type Field, first } from './field-words.ts';

type SelectFieldProps = Field<NativeSelectProps>;
/** The system's own list: good on every phone, and it works before JavaScript. */
export const SelectField = forwardRef<HTMLSelectElement, SelectFieldProps>(function SelectField(
  { hint, error, ...rest },
  ref,
) {
  return <NativeSelect ref={ref} description={hint} error={first(error)} {...rest} />;
});
