import { type FormEvent, type ReactNode, useRef } from 'react'

type Props = { onSubmit: () => void | Promise<void>; children: ReactNode }

/** A form whose page says itself what is wrong. Once it has, the first wrong control has the focus. */
export const Form = ({ onSubmit, children }: Props) => {
  const form = useRef<HTMLFormElement>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await onSubmit()
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }
  return (
    <form ref={form} className="stack" onSubmit={(event) => void submit(event)} noValidate>
      {children}
    </form>
  )
}
