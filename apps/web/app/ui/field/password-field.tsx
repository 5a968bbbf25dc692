import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { forwardRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Field, first } from './field-words.ts';

type PasswordFieldProps = Field<PasswordInputProps>;
export const PasswordField = forwardRef<HTMLInputElement, PasswordFieldProps>(function PasswordField(
  { hint, error, ...rest },
  ref,
) {
  const { t } = useTranslation('common');
  return (
    <PasswordInput
      ref={ref}
      description={hint}
      error={first(error)}
      visibilityToggleButtonProps={{ 'aria-label': t('show_password'), tabIndex: 0 }}
      {...rest}
    />
  );
});
