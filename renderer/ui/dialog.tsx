import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button } from './button.tsx'

type Props = { title: string; children: ReactNode; onClose: () => void; testId?: string; wide?: boolean }

/** The top layer of the page. Esc closes it and drops nothing. */
export const Dialog = ({ title, children, onClose, testId, wide = false }: Props) => (
  <ModalOverlay className="veil" isOpen onOpenChange={(open) => !open && onClose()}>
    <Modal className={`dialog${wide ? ' wide' : ''}`}>
      <AriaDialog {...(testId === undefined ? {} : { 'data-testid': testId })}>
        <div className="stack">
          <div className="row spread">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <Button kind="quiet" small hint="Esc" onPress={onClose}>
              {t`Đóng`}
            </Button>
          </div>
          {children}
        </div>
      </AriaDialog>
    </Modal>
  </ModalOverlay>
)
