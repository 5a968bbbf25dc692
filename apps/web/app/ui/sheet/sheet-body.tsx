import { Modal } from '@mantine/core';
import '@mantine/core/styles/ScrollArea.layer.css';
import '@mantine/core/styles/CloseButton.layer.css';
import '@mantine/core/styles/Paper.layer.css';
import '@mantine/core/styles/Overlay.layer.css';
import '@mantine/core/styles/ModalBase.layer.css';
import '@mantine/core/styles/Modal.layer.css';
import { useTranslation } from 'react-i18next';
import styles from './sheet.module.css';
import type { SheetProps } from './sheet.tsx';

// Mantine's head of a dialog is a <header>, which would be a second banner of the page. Its types don't know `attributes` here.
const NO_BANNER: object = { attributes: { header: { role: 'presentation' } } };

/** The dialog itself; only ever reached through `Sheet`, so that its weight stays off the first page. */
export default function SheetBody({ open, onClose, title, children, footer, width = 480 }: SheetProps) {
  const { t } = useTranslation('common');
  return (
    <Modal
      opened={open}
      onClose={onClose}
      title={title}
      size={width}
      closeButtonProps={{ 'aria-label': t('close') }}
      {...NO_BANNER}
    >
      {children}
      {footer && <div className={styles.footer}>{footer}</div>}
    </Modal>
  );
}
