import { t } from '@lingui/core/macro'
import { type ReactNode, useEffect, useRef } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button } from './button.tsx'

type Props = { title: string; children: ReactNode; onClose: () => void; testId?: string; wide?: boolean }

/** The top layer of the page. Esc closes it and drops nothing, also when the button that had the keyboard was switched off meanwhile. */
export const Dialog = ({ title, children, onClose, testId, wide = false }: Props) => {
  const veil = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const onKeyDown = ({ key, target }: KeyboardEvent): void => {
      const isTop = [...document.querySelectorAll('.veil')].at(-1) === veil.current
      if (key === 'Escape' && target === document.body && isTop) onClose()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [onClose])
  return (
    <ModalOverlay className="veil" ref={veil} isOpen onOpenChange={(open) => !open && onClose()}>
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
}
